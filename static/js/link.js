// Waits for a yes at plex.tv: asks now and then whether there is one, and then opens the page anew.

const EVERY_MS = 3000;
const PATIENT_MS = 15000; // while plex.tv has trouble
const place = document.querySelector("[data-link-wait]");
const { waiting, away } = place.dataset;

async function look() {
  let answer = null;
  if (!document.hidden) {
    try {
      const response = await fetch(location.pathname, { headers: { Accept: "application/json" } });
      if (response.ok) answer = await response.json();
    } catch {
      place.textContent = away;
    }
  }
  if (answer && !answer.waiting) {
    location.replace(location.pathname);
    return;
  }
  if (answer) {
    const words = answer.problem || waiting;
    if (place.textContent !== words) place.textContent = words;
  }
  setTimeout(look, answer?.problem ? PATIENT_MS : EVERY_MS);
}

if (!place.dataset.problem) place.textContent = waiting;
setTimeout(look, EVERY_MS);
