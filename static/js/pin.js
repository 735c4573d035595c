// Asks for a PIN in a dialog on the page, so that nothing answered so far is lost.

const dialog = document.querySelector("[data-pin]");
let face = "";

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "pin-form" || !dialog) return;
  face = detail.requestConfig.elt.id.startsWith("face-") ? detail.requestConfig.elt.id : face;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input[name=pin]").focus();
});

document.addEventListener("moodrec:unlocked", () => {
  dialog.close();
  const chosen = document.querySelector(`#${face} input`);
  chosen?.focus();
  chosen?.dispatchEvent(new Event("change", { bubbles: true }));
});

dialog?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-pin-close]")) return;
  event.preventDefault();
  dialog.close();
});
