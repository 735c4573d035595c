// Announces the notices a page came with (a live region speaks only of what changes) and lets them be closed.

const region = document.querySelector("[data-notices]");
const notices = [...region.children];

region.replaceChildren();
for (const notice of notices) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "quiet close";
  close.textContent = "×";
  close.setAttribute("aria-label", "Close this notice");
  close.addEventListener("click", () => notice.remove());
  notice.append(close);
}
requestAnimationFrame(() => region.append(...notices));
