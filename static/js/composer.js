// Ctrl or Cmd with Enter sends; choosing a mode puts the cursor into the text; the send button shows that it works.

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-composer] input[name=mode]")) {
    event.target.form.querySelector("textarea").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (!form || event.target.tagName !== "TEXTAREA") return;
  const mode = form.querySelector("input[name=mode]:checked")?.value || "reply";
  const sender = form.querySelector(`[data-send="${mode}"]`) || form.querySelector("button[type=submit]");
  event.preventDefault();
  form.requestSubmit(sender);
});

const apple = /Mac|iPhone|iPad/.test(navigator.platform);
if (apple) document.querySelectorAll(".composer-hint").forEach((hint) => { hint.textContent = "⌘ ↵"; });
