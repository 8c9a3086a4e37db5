// Single keys: what an element says with data-shortcut, and j, k, o, Enter in lists.
import { isTyping } from "./dom.js";

function press(element) {
  if (element.matches("input[type=radio], input[type=checkbox]")) {
    element.checked = true;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function isShown(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
  if (!rows.length) return false;
  const current = rows.findIndex((row) => row.hasAttribute("data-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, current + step))];
  rows.forEach((row) => row.toggleAttribute("data-current", row === next));
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function open() {
  const row = document.querySelector("[data-rows] [data-row][data-current]");
  if (!row) return false;
  const href = row.dataset.href || row.querySelector("a")?.href;
  if (href) location.assign(href);
  return Boolean(href);
}

function tick() {
  const box = document.querySelector("[data-rows] [data-row][data-current] .tick");
  box?.click();
  return Boolean(box);
}

const lists = { j: () => move(1), k: () => move(-1), o: open, x: tick };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isTyping(event.target) && !event.target.closest("dialog, .combo")) event.target.blur();
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const element = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)].find(isShown);
  if (element) press(element);
  else if (!lists[key]?.()) return;
  event.preventDefault();
});
