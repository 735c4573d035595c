// Each tap on a mood goes one further: wanted, very much, none of it, off. Two quick taps: none of it.
// Without this module a mood is wanted or not, and checkboxes below the chips say the rest.

const QUICK_MS = 350;
const NEXT = { off: "wanted", wanted: "strong", strong: "avoid", avoid: "off" };
const NAMES = { strong: "strong", avoid: "avoid" };
const begun = new WeakMap(); // when a chip was first tapped

const field = (chip) => chip.closest("[data-moods]");
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

function next(chip) {
  const { degree } = chip.dataset;
  const quick = Date.now() - (begun.get(chip) ?? 0) < QUICK_MS;
  if (degree === "off") begun.set(chip, Date.now());
  return degree === "wanted" && quick ? "avoid" : NEXT[degree];
}

function say(chip) {
  const name = chip.querySelector(".name").textContent;
  const degree = words(chip) || field(chip).dataset.off;
  field(chip).querySelector("[data-moods-said]").textContent = `${name}: ${degree}`;
}

// Takes back what stands in the way: every wish, or only how strong it is, or what is ruled out.
export function loosen(form, answer) {
  for (const chip of form.querySelectorAll("[data-degree]")) {
    const { degree } = chip.dataset;
    if (answer === "vibe" && (degree === "wanted" || degree === "strong")) chip.dataset.degree = "off";
    if (answer === "strong" && degree === "strong") chip.dataset.degree = "wanted";
    if (answer === "avoid" && degree === "avoid") chip.dataset.degree = "off";
    dress(chip);
  }
}

for (const chip of document.querySelectorAll("[data-moods] [data-degree]")) {
  dress(chip);
  chip.querySelector("input[name=vibe]").addEventListener("change", () => {
    chip.dataset.degree = next(chip);
    dress(chip);
    say(chip);
  });
}
