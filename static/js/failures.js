// When a part of a page could not be fetched: says why and what to do, in words the page brought along.

const notices = document.querySelector("[data-notices]");
const UNREACHABLE = [0, 502, 503, 504];
let failed = ""; // the address; of a network that was away any

function kindOf(status) {
  if (UNREACHABLE.includes(status)) return "network";
  if (status === 401 || status === 403) return "old";
  if (status === 404 || status === 410) return "gone";
  if (status === 413) return "large";
  if (status === 429) return "often";
  return status >= 500 ? "broken" : "refused";
}

function told(answer) {
  return answer.getResponseHeader("X-Obstacle") || kindOf(answer.status); // ours says more than a number
}

const forget = () => notices.querySelector("[data-failed]")?.remove();

function tell(kind, { pathInfo }) {
  failed = kind === "network" ? "" : pathInfo.requestPath;
  const words = document.querySelector(`template[data-failure="${kind}"]`);
  forget(); // one at a time says enough
  notices.append(words.content.cloneNode(true));
}

document.addEventListener("htmx:responseError", ({ detail }) => tell(told(detail.xhr), detail));
document.addEventListener("htmx:sendError", ({ detail }) => tell("network", detail));
document.addEventListener("htmx:timeout", ({ detail }) => tell("network", detail));

// It is not true any more once the same came through.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && [detail.pathInfo.requestPath, ""].includes(failed)) forget();
});

// A form that leaves the page would lose what was chosen to the browser's own page of errors: without a
// network it stays, unless we answer all the same, from this very machine.
const answered = new WeakSet();

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (navigator.onLine || event.defaultPrevented || answered.delete(form)) return;
  event.preventDefault();
  const answer = await fetch(`${document.documentElement.dataset.base}healthz`).catch(() => null);
  form.dispatchEvent(new Event("stays", { bubbles: true }));
  if (!answer) return tell("network", { pathInfo: {} });
  answered.add(form);
  form.requestSubmit(submitter);
});
