// The lines of hours in a calendar's form, read as intervals and written back: seven lines of pairs of text fields.
export const DAY = 1440;
const WEEK = 7 * DAY, MOST = 8;
const two = (number) => String(number).padStart(2, "0");

/** "09:30" for minutes after midnight; the end of an interval that reaches into the next day is said on that one. */
export const clock = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
export const closing = (end) => clock(end > DAY ? end - DAY : end);

function minutesIn(field) {
  const match = /^(\d{1,2})(?:[:.h]?(\d{2}))?$/.exec(field.value.trim());
  const minutes = match && Number(match[2] || 0) < 60 ? Number(match[1]) * 60 + Number(match[2] || 0) : -1;
  return minutes > DAY ? -1 : minutes;
}

/** Intervals {day, start, end, opens, closes}: minutes after the day's midnight, an end above 1440 is the next day's. */
export class Lines {
  constructor(area, count) {
    this.lines = [...area.querySelectorAll(".hours-line")];
    this.names = this.lines.map((line) => line.querySelector(".hours-day").textContent);
    this.count = count;
  }

  all() {
    return this.lines.flatMap((_line, day) => this.pairs(day).map((pair) => this.read(day, pair)).filter(Boolean));
  }

  pairs(day) {
    return [...this.lines[day].querySelectorAll(".hours-slot")].map((slot) => slot.querySelectorAll("input"));
  }

  read(day, [opens, closes]) {
    const start = minutesIn(opens), close = minutesIn(closes);
    if (start < 0 || start >= DAY || close < 0 || (start === close && start)) return null;
    return { day, start, end: close > start ? close : close + DAY, opens, closes };
  }

  /** Whether an interval overlaps no other one, besides that of the field `but`; Sunday goes over into Monday. */
  isFree(one, but) {
    return this.all().every((other) => other.opens === but || [-WEEK, 0, WEEK].every((shift) => {
      const mine = one.day * DAY, theirs = other.day * DAY + shift;
      return mine + one.end <= theirs + other.start || theirs + other.end <= mine + one.start;
    }));
  }

  write([opens, closes], one) {
    [opens.value, closes.value] = one ? [clock(one.start), closing(one.end)] : ["", ""];
    opens.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** A pair without a time, made if the day has none; undefined if it has as many as there may be. */
  emptyPair(day) {
    const found = this.pairs(day).find(([opens, closes]) => !opens.value.trim() && !closes.value.trim());
    const slots = this.lines[day].querySelectorAll(".hours-slot"), number = slots.length;
    if (found || number >= MOST) return found;
    const slot = slots[number - 1].cloneNode(true);
    for (const each of slot.querySelectorAll("input, label")) {
      for (const name of ["id", "name", "for"]) {
        if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace(/_\d+_(opens|closes)$/, `_${number}_$1`));
      }
      if (each.matches("label")) each.textContent = each.textContent.replace(`(${number})`, `(${number + 1})`);
      else each.value = "";
    }
    slots[number - 1].after(slot);
    this.count.value = Math.max(Number(this.count.value), number + 1);
    return slot.querySelectorAll("input");
  }
}
