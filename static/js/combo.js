// A long select becomes a field one can search. The select stays, hidden, and carries the value.
import { make, onAppear, words } from "./dom.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

onAppear("select[data-searchable]:not([multiple])", (select) => {
  const id = `${select.id}_search`;
  const field = make("input", {
    class: "input select", id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": `${id}_list`, "aria-autocomplete": "list",
  });
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) field.setAttribute(name, select.getAttribute(name));
  }
  const list = make("div", { class: "combo-list", id: `${id}_list`, role: "listbox", hidden: "" });
  const box = make("div", { class: "combo" });
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) {
    label.htmlFor = id;
    list.setAttribute("aria-label", label.textContent.trim());
  } else if (select.hasAttribute("aria-label")) {
    field.setAttribute("aria-label", select.getAttribute("aria-label"));
  }
  select.before(box);
  select.hidden = true;
  box.append(field, list, select);
  let active = 0;

  const chosen = () => select.selectedOptions[0]?.text.trim() || "";
  const items = () => [...list.querySelectorAll("[role=option]")];
  const show = () => { field.value = chosen(); };

  function mark() {
    items().forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    const item = items()[active];
    item?.scrollIntoView({ block: "nearest" });
    if (item) field.setAttribute("aria-activedescendant", item.id);
    else field.removeAttribute("aria-activedescendant");
  }
  function open(search) {
    const matching = [...select.options].filter((option) => plain(option.text).includes(plain(search)));
    list.replaceChildren(...matching.slice(0, 100).map((option) => (
      make("div", { role: "option", id: `${id}_${option.index}`, "data-index": option.index }, option.text)
    )));
    if (!matching.length) list.append(make("div", { class: "combo-none" }, words.no_match || ""));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    active = Math.max(0, matching.findIndex((option) => option.selected));
    mark();
  }
  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    show();
  }
  function choose(item) {
    if (item) {
      select.selectedIndex = Number(item.dataset.index);
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close();
  }

  field.addEventListener("click", () => { field.select(); open(""); });
  field.addEventListener("input", () => open(field.value));
  field.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    choose(event.target.closest("[role=option]"));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open("");
      else active = Math.min(items().length - 1, Math.max(0, active + (event.key === "ArrowDown" ? 1 : -1)));
      mark();
    } else if (event.key === "Enter" && !list.hidden) {
      choose(items()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
  select.addEventListener("change", show);
  show();
});
