// The browser's own choice of a colour beside a field that takes its digits: each follows the other.
document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.matches("[data-colour-of]")) {
    const text = document.getElementById(target.dataset.colourOf);
    text.value = target.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (target.matches("[data-colour-text]")) {
    const own = target.form.querySelector('input[name="accent"][value="own"]');
    if (own && target.value) own.checked = true;
    const digits = target.value.trim().replace(/^#?/, "#").toLowerCase();
    const picker = document.querySelector(`[data-colour-of="${target.id}"]`);
    if (picker && /^#[0-9a-f]{6}$/.test(digits)) picker.value = digits;
  }
});
