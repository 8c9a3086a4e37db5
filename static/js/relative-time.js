// Keeps relative times true, in the server's own words (accounts/humantime.py says them first).
import { fill, words } from "./dom.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const JUST_NOW = 45;

/** Say seconds as accounts.humantime.duration does, with at most `parts` units. */
export function duration(seconds, parts = 2) {
  const total = Math.max(0, Math.floor(seconds));
  const say = (unit, n) => fill(words[unit], { n });
  let units = [];
  if (total < MINUTE) {
    units = [say("seconds", total)];
  } else if (total < 2 * DAY) {
    const hours = Math.floor(total / HOUR);
    const minutes = Math.floor((total % HOUR) / MINUTE);
    if (hours) units.push(say("hours", hours));
    if (minutes) units.push(say("minutes", minutes));
  } else {
    units = [say("days", Math.floor(total / DAY))];
    const hours = Math.floor((total % DAY) / HOUR);
    if (hours) units.push(say("hours", hours));
  }
  return units.slice(0, parts).join(" ");
}

function ago(seconds) {
  if (Math.abs(seconds) < JUST_NOW) return words.now;
  if (seconds > 0) return fill(words.ago, { duration: duration(seconds, 1) });
  return fill(words.in, { duration: duration(-seconds) });
}

function due(seconds, element) {
  if (seconds <= 0) return fill(words.left, { duration: duration(-seconds) });
  const chip = element.closest(".due");
  if (chip && !chip.classList.contains("due-breached")) {
    chip.classList.remove("due-calm", "due-at-risk");
    chip.classList.add("due-breached");
    chip.querySelector(".due-words")?.replaceChildren(element);
  }
  return fill(words.breached, { duration: duration(seconds) });
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
    const said = element.dataset.relative === "due" ? due(seconds, element) : ago(seconds);
    if (said && element.textContent !== said) element.textContent = said;
  }
}

if (words.ago) {
  setInterval(() => document.hidden || refresh(), 20000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}
