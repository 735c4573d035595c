// Announces the notices a page came with (a live region speaks only of what changes) and lets them be closed.

const region = document.querySelector("[data-notices]");
const first = [...region.children];

function closable(notice) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "quiet close";
  close.textContent = "×";
  close.setAttribute("aria-label", region.dataset.close);
  close.addEventListener("click", () => notice.remove());
  notice.append(close);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const added of change.addedNodes) {
      if (added.classList?.contains("notice") && !added.querySelector(".close")) closable(added);
    }
  }
}).observe(region, { childList: true });

region.replaceChildren();
requestAnimationFrame(() => region.append(...first));
