// Makes MoodRec an app of this device where its browser can: what to show when we can't be reached.

const { base } = document.documentElement.dataset;

// Without https (but on localhost) browsers offer no service workers; everything works without.
navigator.serviceWorker?.register(`${base}sw.js`, { scope: base }).catch(() => undefined);
