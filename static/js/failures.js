// When a part of a page could not be fetched: says why and what to do, in words the page brought along.

const notices = document.querySelector("[data-notices]");
const UNREACHABLE = [0, 502, 503, 504];

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

function tell(kind) {
  const words = document.querySelector(`template[data-failure="${kind}"]`);
  const old = notices.querySelector("[data-failed]"); // one at a time says enough
  old?.remove();
  notices.append(words.content.cloneNode(true));
}

document.addEventListener("htmx:responseError", ({ detail }) => tell(told(detail.xhr)));
document.addEventListener("htmx:sendError", () => tell("network"));
document.addEventListener("htmx:timeout", () => tell("network"));
