// Loosens the answer that blocks, right on the form, and lets the count be taken anew.

import { loosen } from "./moods.js";

const form = document.getElementById("ask");
const MOODS = ["vibe", "strong", "avoid"];

function choose(name, value) {
  const option = form.querySelector(`input[name="${name}"][value="${value}"]`);
  if (option) option.checked = true;
}

function noLimit(minutes) {
  choose("time", "");
  form.elements.finish_by.value = "";
  form.elements.minutes.value = minutes;
  if (minutes) form.querySelector(".folded").open = true;
}

document.getElementById("fits")?.addEventListener("click", ({ target }) => {
  const way = target.closest("[data-loosen]");
  if (!way) return;
  const { loosen: answer, value } = way.dataset;
  if (MOODS.includes(answer)) loosen(form, answer);
  else if (answer === "minutes") noLimit(value);
  else if (answer === "session") choose("time", "");
  else choose(answer, "any");
  document.getElementById("fits").focus();
  form.dispatchEvent(new Event("change", { bubbles: true }));
});
