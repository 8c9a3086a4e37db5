// The week of a calendar, drawn: blocks are dragged or moved with the keys. The text fields stay the truth: every change
// writes them and every drawing reads them, so without scripts they stand alone.
import { appear, fill, make, onAppear } from "../dom.js";
import { DAY, Lines, clock, closing } from "./week-lines.js";

const STEP = 15, HOUR = 60, NEAR = 6;
const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

onAppear("[data-week]", (area) => {
  const says = JSON.parse(area.dataset.says), { week_slots: count, always_open: always } = area.closest("form").elements;
  const lines = new Lines(area, count), { names } = lines;
  const short = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", timeZone: "UTC" });
  const help = area.querySelector(".field-help");
  const blocks = new Map(); // by the first field of the pair that each stands for
  const live = make("p", { class: "visually-hidden", role: "status" });
  const scale = make("div", { class: "week-scale-hours", "aria-hidden": "true" }, ...[0, 6, 12, 18, 24].map((hour) => make("span", {}, String(hour))));
  const columns = names.map((name) => make("div", { class: "week-column", role: "group", "aria-label": name }));
  const adders = names.map((name, day) => {
    const said = fill(says.add, { day: name });
    const adder = make("button", { type: "button", class: "week-adder", "aria-label": said, title: said },
      make("span", {}, short.format(new Date(Date.UTC(2024, 0, 1 + day)))), make("span", {}, "+"));
    adder.addEventListener("click", () => add(day));
    return adder;
  });
  const grid = make("div", { class: "week-grid", role: "group", "aria-label": says.week, "aria-describedby": help.id },
    make("span"), ...adders, scale, ...columns);

  const say = (text) => { live.textContent = text; };
  const words = (one) => fill(says.block, { day: names[one.day], from: clock(one.start), until: closing(one.end) });

  function place(element, start, end) {
    element.style.setProperty("--start", start / DAY);
    element.style.setProperty("--length", (end - start) / DAY);
    return element;
  }

  function draw() {
    const found = lines.all(), focused = document.activeElement;
    grid.querySelectorAll(".week-rest").forEach((rest) => rest.remove());
    for (const [opens, block] of blocks) {
      if (!found.some((one) => one.opens === opens)) { block.remove(); blocks.delete(opens); }
    }
    for (const one of found) {
      const block = blocks.get(one.opens) || make("button", { type: "button", class: "week-block" });
      blocks.set(one.opens, block);
      block.one = one;
      block.setAttribute("aria-label", words(one));
      block.replaceChildren(make("span", {}, clock(one.start)), make("span", {}, closing(one.end)));
      if (block.parentNode !== columns[one.day]) columns[one.day].append(block);
      place(block, one.start, Math.min(one.end, DAY));
      if (one.end > DAY) columns[(one.day + 1) % 7].append(place(make("div", { class: "week-rest" }), 0, one.end - DAY));
    }
    if (focused?.isConnected && focused !== document.activeElement) focused.focus();
    grid.hidden = help.hidden = always.checked;
  }

  function add(day, start, end) {
    const last = Math.max(-HOUR, ...lines.all().filter((one) => one.day === day).map((one) => one.end));
    const usual = last < 0 ? [9 * HOUR, 17 * HOUR] : [last + HOUR, last + 2 * HOUR];
    const free = start === undefined ? [usual, ...Array.from({ length: 24 }, (_, hour) => [hour * HOUR, (hour + 1) * HOUR])] : [[start, end]];
    const one = free.map(([from, until]) => ({ day, start: from, end: until })).find((each) => each.end <= DAY && lines.isFree(each));
    const pair = one && lines.emptyPair(day);
    if (!pair) { say(says.taken); return null; }
    lines.write(pair, one);
    blocks.get(pair[0]).focus();
    say(fill(says.added, { block: words(one) }));
    return blocks.get(pair[0]);
  }

  function change(block, day, start, end) {
    const was = block.one, one = { day, start, end };
    if (day === was.day && start === was.start && end === was.end) return;
    const isTime = start >= 0 && start < DAY && end - start >= STEP && end - start <= (start ? DAY - STEP : DAY);
    const isWithin = end <= Math.max(DAY, was.end) && isTime && lines.isFree(one, was.opens);
    const pair = isWithin && (day === was.day ? [was.opens, was.closes] : lines.emptyPair(day));
    if (!pair) { say(says.taken); return; }
    if (day !== was.day) {
      blocks.delete(was.opens);
      blocks.set(pair[0], block);
      lines.write(pair, one);
      lines.write([was.opens, was.closes], null);
    } else lines.write(pair, one);
    say(words(one));
  }

  function remove(block) {
    const { day, opens, closes } = block.one, said = words(block.one);
    lines.write([opens, closes], null);
    (columns[day].querySelector(".week-block") || adders[day]).focus();
    say(fill(says.removed, { block: said }));
  }

  grid.addEventListener("keydown", (event) => {
    const block = event.target.closest(".week-block");
    if (!block || event.ctrlKey || event.altKey || event.metaKey) return;
    const { day, start, end } = block.one, toEnd = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
    const by = { ArrowUp: -STEP, ArrowDown: STEP }[event.key], side = { ArrowLeft: -toEnd, ArrowRight: toEnd }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") remove(block);
    else if (event.key === "Enter" || event.key === "+") add(day);
    else if (by) change(block, day, event.shiftKey ? start : start + by, end + by);
    else if (side && event.shiftKey) change(block, day, start + side * STEP, end);
    else if (side) change(block, (day + side + 7) % 7, start, end);
    else return;
    event.preventDefault();
  });

  let drag = null;
  const minuteAt = (event, box = columns[0].getBoundingClientRect()) => clamp((event.clientY - box.top) / box.height, 0, 1) * DAY;
  const dayAt = (event) => columns.findIndex((column) => event.clientX >= column.getBoundingClientRect().left && event.clientX < column.getBoundingClientRect().right);
  grid.addEventListener("pointerdown", (event) => {
    const block = event.target.closest(".week-block"), column = event.target.closest(".week-column"), at = minuteAt(event);
    if (event.button || !column) return;
    const edge = block ? Math.min(8, block.offsetHeight / 4) * (DAY / column.offsetHeight) : 0;
    const grip = !block ? "new" : at < block.one.start + edge ? "start" : at > Math.min(block.one.end, DAY) - edge ? "end" : "move";
    drag = { grip, block, at, y: event.clientY, day: columns.indexOf(column), was: block && { ...block.one } };
    block?.focus();
    // A finger on an empty place may want to scroll; a tap makes an hour there.
    if (block || event.pointerType !== "touch") grid.setPointerCapture(event.pointerId);
  });
  grid.addEventListener("pointermove", (event) => {
    if (!drag || Math.abs(event.clientY - drag.y) + (drag.grip === "move" ? DAY : 0) < NEAR || !grid.hasPointerCapture(event.pointerId)) return;
    const { grip, was, day } = drag, now = minuteAt(event), by = Math.round((now - drag.at) / STEP) * STEP;
    if (grip === "new") {
      const span = [Math.floor(Math.min(now, drag.at) / STEP) * STEP, Math.ceil(Math.max(now, drag.at) / STEP) * STEP];
      if (drag.block) change(drag.block, day, ...span);
      else drag.block = add(day, ...span);
    } else if (grip === "start") change(drag.block, day, clamp(was.start + by, 0, was.end - STEP), was.end);
    else if (grip === "end") change(drag.block, day, was.start, clamp(was.end + by, was.start + STEP, Math.max(DAY, was.end)));
    else {
      const start = clamp(was.start + by, 0, Math.max(was.start, DAY - (was.end - was.start))), over = dayAt(event);
      change(drag.block, over < 0 ? drag.block.one.day : over, start, start + was.end - was.start);
    }
  });
  grid.addEventListener("pointerup", (event) => {
    const start = drag && Math.min(Math.floor(drag.at / HOUR) * HOUR, DAY - HOUR);
    if (drag?.grip === "new" && !drag.block && Math.abs(event.clientY - drag.y) < NEAR) add(drag.day, start, start + HOUR);
    drag = null;
  });
  grid.addEventListener("pointercancel", () => { drag = null; });

  area.addEventListener("input", draw);
  always.addEventListener("change", draw);
  area.prepend(grid, live);
  area.querySelector("details").open = Boolean(area.querySelector(".field-invalid"));
  draw();
});

// This page's own script runs after the one that all pages share.
appear(document.body);
