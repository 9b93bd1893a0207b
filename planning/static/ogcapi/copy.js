// Addresses that are copied with one press. Without this script they stand in fields, to be copied by hand.

function put(field) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(field.value);
  // a service without HTTPS has no clipboard of the newer kind
  field.select();
  return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("refused"));
}

function say(button, words) {
  const before = button.dataset.before || button.textContent;
  button.dataset.before = before;
  button.textContent = words;
  setTimeout(() => { button.textContent = before; }, 2000);
}

for (const field of document.querySelectorAll("input[data-copy]")) {
  field.addEventListener("focus", () => field.select());
  const button = field.parentElement.querySelector("button");
  // what has the focus is read out again when its words change
  button.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", () => put(field).then(
    () => say(button, button.dataset.copied),
    () => { field.focus(); field.select(); },
  ));
}
