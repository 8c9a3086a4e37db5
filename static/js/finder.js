// A field that finds one among many. The server sends links; here they open, close and are walked with the arrow keys.
import { onAppear } from "./dom.js";

onAppear("[data-finder]", (finder) => {
  const field = finder.querySelector("input");
  const hits = finder.querySelector(".finder-hits");
  const status = finder.querySelector("[role=status]");
  const links = () => [...hits.querySelectorAll("a, button")];

  function close() {
    hits.replaceChildren();
    status.textContent = "";
    field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
  }
  function step(by) {
    const stops = [field, ...links()];
    stops[(stops.indexOf(document.activeElement) + by + stops.length) % stops.length].focus();
  }
  const ask = () => field.dispatchEvent(new Event("find"));

  field.addEventListener("click", () => { if (!hits.hasChildNodes()) ask(); });
  finder.addEventListener("htmx:beforeSwap", (event) => {
    // An answer that comes after the field was left must not open a list over the page.
    if (event.target === hits && !finder.contains(document.activeElement)) event.preventDefault();
  });
  finder.addEventListener("htmx:afterSwap", () => {
    const note = hits.querySelector(".finder-note")?.textContent.trim() || "";
    status.textContent = links().length ? `${note} ${links().map((link) => link.textContent).join(", ")}` : note;
  });
  finder.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field && hits.querySelector("button")) {
      // Inside a form that sends more than the choice, Enter chooses the only one or goes to the first.
      if (links().length === 1) links()[0].click();
      else links()[0].focus();
    } else if (event.key === "Escape" && hits.hasChildNodes()) {
      field.focus();
      close();
    } else if (event.key === "ArrowDown" && !links().length) {
      ask();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(event.key === "ArrowDown" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  });
  finder.addEventListener("focusout", (event) => {
    if (!finder.contains(event.relatedTarget) && document.hasFocus()) close();
  });
});

// Other filters may have changed since the page was drawn: the address bar knows them.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-remove]");
  if (!link) return;
  const address = new URL(location.href);
  for (const name of [link.dataset.remove, "cursor"]) address.searchParams.delete(name);
  link.href = address.href;
});
