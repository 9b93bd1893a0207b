// Gives fields of Django's admin their names: Select2 names itself by its own, empty text, and in a table of rows
// the head of the column is the name.

function headOf(element) {
  const cell = element.closest("td");
  return cell?.closest("table").querySelectorAll("thead th")[cell.cellIndex]?.textContent.trim() || "";
}

function name(selection) {
  const field = selection.closest(".related-widget-wrapper, .form-row, td")?.querySelector("select.admin-autocomplete");
  const shown = selection.querySelector(".select2-selection__rendered");
  const label = field?.labels?.[0];
  if (!shown) return;
  if (!label) {
    const words = headOf(selection) || field?.name || "";
    selection.setAttribute("aria-label", words);
    shown.setAttribute("aria-label", words);
    return;
  }
  label.id ||= `${field.id}_label`;
  if (shown.getAttribute("aria-labelledby") === label.id) return;
  shown.setAttribute("aria-labelledby", label.id);
  selection.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
}

function nameAll() {
  document.querySelectorAll(".select2-selection--single").forEach(name);
  document.querySelectorAll(".tabular td :is(input:not([type=hidden]), select, textarea)").forEach((field) => {
    if (!field.labels.length && !field.ariaLabel && headOf(field)) field.setAttribute("aria-label", headOf(field));
  });
}

new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
