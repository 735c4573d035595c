// After a title was opened in Plex, its card is fetched anew: it says "Enjoy!" when one comes back.
// Of many rounds the one that is shown is in sight.

const SOON_MS = 600; // the form's own request goes first

document.addEventListener("submit", ({ target: form }) => {
  const address = form.dataset?.chosen;
  const card = form.closest("article");
  if (!address || !card) return;
  setTimeout(() => {
    window.htmx?.ajax("GET", address, { source: card, target: card, swap: "outerHTML" });
  }, SOON_MS);
});

function showRound() {
  const current = document.querySelector(".rounds [aria-current]");
  const strip = current?.closest("ol");
  if (strip) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - strip.clientWidth / 3;
}

showRound();
document.addEventListener("htmx:afterSettle", showRound);
