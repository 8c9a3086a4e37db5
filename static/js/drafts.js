// Keeps unsent text in this browser, form by form, until the server says that it arrived.
import { make, onAppear, words } from "./dom.js";

const PREFIX = "draft:";
const KEEP_DAYS = 14;
const isText = (field) => field.name && (field.tagName === "TEXTAREA" || /^(text|email|search|tel|url)$/.test(field.type));

const store = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
  },
  write(key, fields) {
    try { localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields })); } catch { /* full or refused */ }
  },
  clear(key) {
    try { localStorage.removeItem(PREFIX + key); } catch { /* refused */ }
  },
};

function keyOf(form) {
  const owner = document.querySelector("meta[name='draft-owner']")?.content || location.host;
  return `${owner}:${form.dataset.draft}`;
}

function save(form) {
  const fields = {};
  for (const field of form.elements) if (isText(field) && field.value.trim()) fields[field.name] = field.value;
  for (const mode of form.querySelectorAll("input[name=mode]:checked")) fields.mode = mode.value;
  const hasText = Object.keys(fields).some((name) => name !== "mode");
  if (hasText) store.write(keyOf(form), fields);
  else store.clear(keyOf(form));
}

function announce(form) {
  const discard = make("button", { type: "button", class: "text-button" }, words.draft_discard || "");
  const line = make("p", { class: "draft-word", role: "status" }, words.draft_restored || "", discard);
  discard.addEventListener("click", () => {
    store.clear(keyOf(form));
    for (const field of form.elements) if (isText(field)) field.value = field.defaultValue;
    line.remove();
  });
  form.prepend(line);
}

onAppear("[data-draft-sent]", (mark) => {
  const owner = document.querySelector("meta[name='draft-owner']")?.content || location.host;
  store.clear(`${owner}:${mark.dataset.draftSent}`);
});

onAppear("form[data-draft]", (form) => {
  const draft = store.read(keyOf(form));
  const fresh = draft && Date.now() - draft.at < KEEP_DAYS * 86400000;
  let restored = false;
  for (const field of form.elements) {
    if (!fresh || !isText(field) || field.value || !draft.fields[field.name]) continue;
    field.value = draft.fields[field.name];
    restored = true;
  }
  if (restored) {
    const mode = form.querySelector(`input[name=mode][value="${draft.fields.mode}"]`);
    if (mode) mode.checked = true;
    announce(form);
  }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400, form);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save(form);
  });
});
