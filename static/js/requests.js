// What htmx does not say by itself: that a request failed, why, and which id to quote.
import { fill, make, words } from "./dom.js";

/** Show a short word in the corner; it stays until closed when it is an error. */
export function toast(text, meaning = "info") {
  const close = make("button", { type: "button", class: "toast-close", "aria-label": words.close || "Close" }, "×");
  const note = make("div", { class: `notice means-${meaning}` }, make("span", { class: "notice-body" }, text), close);
  close.addEventListener("click", () => note.remove());
  document.getElementById("toasts")?.append(note);
  if (meaning !== "breached") setTimeout(() => note.remove(), 8000);
}

function failure(xhr) {
  if (xhr.status === 401) return words.expired;
  if (xhr.status === 403) return words.forbidden;
  if (xhr.status === 429) return words.busy;
  const id = xhr.getResponseHeader("X-Request-Id");
  return id ? fill(words.failed_id, { id }) : words.failed;
}

// A session that has ended: an act leads to the log-in page, which keeps what was sent. What the page fetches by itself,
// or while somebody types, only says so: it must not take the page away from under them.
const ACTS = ["click", "submit"];
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 401 || ACTS.includes(requestConfig.triggeringEvent?.type)) return;
  event.preventDefault();
  toast(words.expired, "breached");
});

document.addEventListener("htmx:responseError", (event) => toast(failure(event.detail.xhr), "breached"));
document.addEventListener("htmx:sendError", () => toast(words.offline, "breached"));
document.addEventListener("htmx:timeout", () => toast(words.offline, "breached"));

// A form that came back with errors (422) is shown like any answer; HX-Trigger: {"toast": {"text": …, "meaning": …}}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.meaning));
