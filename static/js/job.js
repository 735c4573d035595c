// Follows a background job: moves its progress bar, says what it does, refreshes what it changes.

const EVERY_MS = 1000;
const ACTIVE = ["queued", "running"];
const ENDED = { succeeded: "Done", skipped: "Nothing to do", failed: "It did not work" };
const SPOKEN_STEP = 0.25; // a screen reader hears every quarter, not every second

const box = document.querySelector('[data-job="on"]');
const part = (name) => box.querySelector(`[data-job-${name}]`);
let spoken = 0;
let detail = "";

// Takes the parts marked data-fresh from the page as it is now.
async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const now = page.querySelector(`[data-fresh="${old.dataset.fresh}"]`);
    const touched = [...old.querySelectorAll("input")].some((i) => i.checked !== i.defaultChecked);
    if (now && !touched && now.innerHTML !== old.innerHTML) old.replaceChildren(...now.childNodes);
  }
}

function show(job) {
  const bar = part("progress");
  if (job.state === "running") bar.value = job.progress;
  if (job.detail) part("detail").textContent = job.detail;
  if (job.progress >= spoken + SPOKEN_STEP) {
    spoken = job.progress;
    part("status").textContent = `${Math.round(job.progress * 100)} percent. ${job.detail}`;
  }
}

function end(job) {
  part("progress").hidden = true;
  part("title").textContent = ENDED[job.state] ?? job.state;
  part("status").textContent = `${ENDED[job.state] ?? job.state}. ${job.detail}`;
}

async function follow() {
  let job = null;
  try {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.status === 403 || answer.status === 404) location.reload(); // signed out, or it is gone
    else if (answer.ok) job = await answer.json();
  } catch {
    part("detail").textContent = "MoodRec does not answer at the moment; trying again …";
  }
  if (job) {
    show(job);
    if (job.detail !== detail || !ACTIVE.includes(job.state)) {
      detail = job.detail;
      await refresh().catch(() => undefined);
    }
    if (!ACTIVE.includes(job.state)) {
      end(job);
      return;
    }
  }
  setTimeout(follow, EVERY_MS);
}

if (box) {
  part("refresh").hidden = true;
  part("progress").hidden = false;
  follow();
}
