// The conversation goes on by itself: asks for what is new while the page is looked at, and tells that one writes.
import { appear, onAppear } from "./dom.js";

const EVERY = 5000;
const SLOWEST = 60000;
const SIGN_EVERY = 5000;

function put(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  for (const part of page.querySelectorAll("[data-live-part]")) {
    const place = document.querySelector(`[data-live-place="${part.dataset.livePart}"]`);
    if (!place || place.innerHTML === part.innerHTML) continue;
    // What somebody has open or holds with the mouse is not taken from under their hand.
    if (place.querySelector("details[open]") || place.contains(document.getSelection()?.anchorNode || null)) {
      if (!document.getSelection()?.isCollapsed || place.querySelector("details[open]")) return false;
    }
    place.replaceChildren(...part.childNodes);
    appear(place);
  }
  return true;
}

onAppear("[data-live]", (element) => {
  let wait = EVERY;
  let mark = "";
  async function ask() {
    if (!document.hidden) {
      try {
        const answer = await fetch(element.dataset.live, {
          headers: mark ? { "If-None-Match": mark } : {},
          cache: "no-store",
          // Where the session has ended: what the log-in page has to say is for whoever sees it.
          redirect: "manual",
        });
        if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) return;
        wait = answer.ok || answer.status === 304 ? EVERY : Math.min(wait * 2, SLOWEST);
        if (answer.status === 200 && put(await answer.text())) mark = answer.headers.get("ETag") || "";
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
    setTimeout(ask, wait);
  }
  setTimeout(ask, wait);
});

let told = 0;
document.addEventListener("input", (event) => {
  const address = document.querySelector("[data-live-writing]")?.dataset.liveWriting;
  const form = event.target.closest?.("[data-composer]");
  if (!address || !form || event.target.tagName !== "TEXTAREA" || Date.now() - told < SIGN_EVERY) return;
  if ((form.querySelector("input[name=mode]:checked")?.value || "reply") !== "reply") return;
  told = Date.now();
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  fetch(address, { method: "POST", headers, redirect: "manual" }).catch(() => {});
});
