// Marks what was pressed as busy, and swallows a second press while the answer comes.

const SENT_AGAIN_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (Date.now() - Number(form.dataset.sentAt ?? 0) < SENT_AGAIN_MS) {
    event.preventDefault();
    event.stopImmediatePropagation(); // htmx sends it no second time either
    return;
  }
  form.dataset.sentAt = String(Date.now());
  event.submitter?.setAttribute("aria-busy", "true");
}, { capture: true });

function over(form) {
  delete form.dataset.sentAt;
  for (const button of form.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
}

document.addEventListener("stays", ({ target }) => over(target)); // it was not sent after all

// A part of the page is being fetched: its place is busy until it is there.
document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  detail.target.removeAttribute("aria-busy");
  const form = detail.elt.closest("form");
  if (form) over(form);
});

// A page that comes back out of the browser's memory is not busy any more.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) over(form);
  for (const place of document.querySelectorAll("[aria-busy]")) place.removeAttribute("aria-busy");
});
