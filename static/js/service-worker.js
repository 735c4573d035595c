// Keeps the shell of the app (never a page that names anybody) and shows it when we can't be reached.
// CACHE, OFFLINE and SHELL stand above: moodrec/pages/pwa.py writes them.

const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
};

const takeOver = async () => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("moodrec-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};

const orKept = (request, address) =>
  fetch(request).catch(async (failure) => {
    const kept = await caches.match(address);
    if (kept) return kept;
    throw failure;
  });

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(orKept(request, OFFLINE));
  else if (origin === self.location.origin && SHELL.includes(pathname)) {
    event.respondWith(orKept(request, pathname));
  }
});
