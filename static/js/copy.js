// Copies a field's value and says so on the button.
import { words } from "./dom.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  await navigator.clipboard?.writeText(field.value);
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = words.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
});
