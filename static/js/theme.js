// Light, dark or as the system says. The cookie lets the server draw the next page right from the first paint.
import { onAppear, setCookie } from "./dom.js";

const root = document.documentElement;

function show(group) {
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme || "system")));
  }
}

onAppear("[data-theme-switch]", (group) => {
  show(group);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    root.dataset.theme = button.value;
    setCookie("theme", button.value);
    document.querySelectorAll("[data-theme-switch]").forEach(show);
  });
});
