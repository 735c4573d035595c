// Marks the button that was pressed as busy and swallows a second press while the answer comes.

const SENT_AGAIN_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (Date.now() - Number(form.dataset.sentAt ?? 0) < SENT_AGAIN_MS) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = String(Date.now());
  event.submitter?.setAttribute("aria-busy", "true");
});

// A page that comes back out of the browser's memory is not busy any more.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sentAt;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
