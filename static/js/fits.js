// Loosens the answer that blocks, right on the form, and lets the count be taken anew; so does a form that
// the browser filled in again, for who came back to it.

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

const isAnswered = (field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue;

addEventListener("pageshow", () => {
  if (![...form?.querySelectorAll("input") ?? []].some(isAnswered)) return;
  const folded = form.querySelector(".folded");
  folded.open ||= [...folded.querySelectorAll("input")].some(isAnswered);
  form.dispatchEvent(new Event("change", { bubbles: true }));
});

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
