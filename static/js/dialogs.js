// Opens the dialog that stands beside a link or button; without scripts the link's own page asks the same.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest("[data-dialog-close]") || event.target.matches?.("dialog[open]")) {
    event.target.closest("dialog").close();
  }
});
