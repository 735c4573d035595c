// Each tap on a mood goes one further: wanted, very much, none of it, off. Two quick taps: none of it.
// Without this module a mood is wanted or not, and checkboxes below the chips say the rest.
// What they stand at is kept with this entry of the browser's history, for who goes back to it: of its own
// accord a browser remembers only which boxes are ticked.

const QUICK_MS = 350;
const NEXT = { off: "wanted", wanted: "strong", strong: "avoid", avoid: "off" };
const NAMES = { strong: "strong", avoid: "avoid" };
const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const kept = (cameBack && history.state?.moods) || {};
const begun = new WeakMap(); // when a chip was first tapped
let tapped = 0; // when that was, not when we came to it: a busy device comes to a quick second tap late

const field = (chip) => chip.closest("[data-moods]");
const chips = (place) => [...place.querySelectorAll("[data-degree]")];
const words = (chip) => (chip.dataset.degree === "off" ? "" : field(chip).dataset[chip.dataset.degree]);

function dress(chip) {
  const { degree, mood } = chip.dataset;
  chip.querySelector("input[name=vibe]").checked = degree === "wanted" || degree === "strong";
  chip.querySelector(".degree").textContent = words(chip);
  chip.querySelector("input[type=hidden]")?.remove();
  if (!(degree in NAMES)) return;
  const told = document.createElement("input");
  Object.assign(told, { type: "hidden", name: NAMES[degree], value: mood });
  chip.append(told);
}

function keep() {
  const moods = Object.fromEntries(chips(document).map(({ dataset }) => [dataset.mood, dataset.degree]));
  history.replaceState({ ...history.state, moods }, "");
}

function next(chip) {
  const { degree } = chip.dataset;
  const quick = tapped - (begun.get(chip) ?? -Infinity) < QUICK_MS;
  if (degree === "off") begun.set(chip, tapped);
  return degree === "wanted" && quick ? "avoid" : NEXT[degree];
}

function say(chip) {
  const name = chip.querySelector(".name").textContent;
  const degree = words(chip) || field(chip).dataset.off;
  field(chip).querySelector("[data-moods-said]").textContent = `${name}: ${degree}`;
}

// Takes back what stands in the way: every wish, or only how strong it is, or what is ruled out.
export function loosen(form, answer) {
  for (const chip of chips(form)) {
    const { degree } = chip.dataset;
    if (answer === "vibe" && (degree === "wanted" || degree === "strong")) chip.dataset.degree = "off";
    if (answer === "strong" && degree === "strong") chip.dataset.degree = "wanted";
    if (answer === "avoid" && degree === "avoid") chip.dataset.degree = "off";
    dress(chip);
  }
  keep();
}

for (const chip of chips(document)) {
  const box = chip.querySelector("input[name=vibe]");
  box.autocomplete = "off"; // or the browser ticks it behind our back
  chip.dataset.degree = kept[chip.dataset.mood] ?? chip.dataset.degree;
  dress(chip);
  box.addEventListener("click", ({ timeStamp }) => {
    tapped = timeStamp;
  });
  box.addEventListener("change", () => {
    chip.dataset.degree = next(chip);
    dress(chip);
    say(chip);
    keep();
  });
}
