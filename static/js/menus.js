// Menus (details) and tips close on Escape and on a click outside; Escape gives the focus back. Tips also open on tap.

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target) || event.target.closest(".menu-item")) menu.open = false;
  }
  const tapped = event.target.closest("[data-tip] > button")?.parentElement;
  for (const tip of document.querySelectorAll("[data-tip][data-open]")) {
    if (tip !== tapped) delete tip.dataset.open;
  }
  if (tapped) {
    delete tapped.dataset.dismissed;
    tapped.toggleAttribute("data-open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  }
  for (const tip of document.querySelectorAll("[data-tip]:is(:hover, :focus-within, [data-open])")) {
    delete tip.dataset.open;
    tip.dataset.dismissed = "";
  }
});

for (const name of ["pointerout", "focusout"]) {
  document.addEventListener(name, (event) => {
    const tip = event.target.closest?.("[data-tip][data-dismissed]");
    if (tip && !tip.contains(event.relatedTarget)) delete tip.dataset.dismissed;
  });
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = [...menu.querySelectorAll("summary, .menu-panel a, .menu-panel button")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  event.preventDefault();
});
