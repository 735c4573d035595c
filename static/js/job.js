// Beside a background job that follows itself by htmx: what else it changes on the page is taken from
// the same answer, and a screen reader hears every quarter of the way, and how it ended.

const SPOKEN_STEP = 0.25;
const NOW = "[data-job-now]";
let spoken = 0;

// Renews the parts marked data-fresh, but none that somebody is changing just now.
function renew(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const now = page.querySelector(`[data-fresh="${old.dataset.fresh}"]`);
    const touched = [...old.querySelectorAll("input")].some((i) => i.checked !== i.defaultChecked);
    if (now && !touched && !old.contains(document.activeElement) && !now.isEqualNode(old)) {
      old.replaceChildren(...now.childNodes);
    }
  }
}

function say(box, now) {
  const words = ["[data-job-title]", "[data-job-detail]"].map((part) => now.querySelector(part));
  const progress = Number(now.dataset.progress);
  if (progress < spoken + SPOKEN_STEP && now.hasAttribute("hx-get")) return;
  spoken = progress;
  box.querySelector("[data-job-status]").textContent = words.map((w) => w.textContent.trim()).join(". ");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (!target.matches(NOW)) return;
  if (serverResponse.includes(`id="${target.id}"`)) {
    renew(serverResponse);
  } else {
    event.detail.shouldSwap = false;
    location.reload(); // signed out, or another job took its place
  }
});

document.addEventListener("htmx:load", (event) => {
  const now = event.detail.elt;
  if (now.matches?.(NOW)) say(now.closest("[data-job]"), now);
});

document.addEventListener("htmx:sendError", (event) => {
  const now = event.detail.elt;
  if (now.matches(NOW)) now.querySelector("[data-job-detail]").textContent = now.dataset.away;
});
