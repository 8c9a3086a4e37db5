// Pictures that are pasted into a text, or files dropped on a form, join its last file field.
function fieldOf(target) {
  const fields = target.closest?.("form")?.querySelectorAll("input[type=file][multiple]");
  return fields?.length ? fields[fields.length - 1] : null;
}

function named(file, number) {
  const generic = /^image\.\w+$/.test(file.name);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return generic ? new File([file], `${stamp}-${number}.${file.name.split(".").pop()}`, { type: file.type }) : file;
}

function join(field, files) {
  const all = new DataTransfer();
  for (const file of field.files) all.items.add(file);
  files.forEach((file, index) => all.items.add(named(file, index + 1)));
  field.files = all.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.scrollIntoView({ block: "nearest" });
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files || [])];
  const field = files.length && fieldOf(event.target);
  if (!field) return;
  event.preventDefault();
  join(field, files);
});

document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files") && fieldOf(event.target)) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const files = [...(event.dataTransfer?.files || [])];
  const field = files.length && fieldOf(event.target);
  if (!field || event.target.matches("input[type=file]")) return;
  event.preventDefault();
  join(field, files);
});
