// A link that stands for a text: pressed, it puts the text into the composer where the cursor is.
// Without scripts the link's own address opens the composer with the text in it.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-insert]");
  const field = link && document.querySelector("#composer textarea");
  if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  field.setRangeText(gap + link.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
