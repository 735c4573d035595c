// After a title was opened in Plex, its card is fetched anew: it says "Enjoy!" when one comes back.

const SOON_MS = 600; // the form's own request goes first

document.addEventListener("submit", ({ target: form }) => {
  const address = form.dataset?.chosen;
  const card = form.closest("article");
  if (!address || !card) return;
  setTimeout(() => {
    window.htmx?.ajax("GET", address, { source: card, target: card, swap: "outerHTML" });
  }, SOON_MS);
});
