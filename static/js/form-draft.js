/** Keeps what was typed through a change of language: this tab stores it until the translated page loads. */

const STORAGE_KEY = "form-draft";
const FIELDS = "main :is(textarea, select, input:not([type=hidden]))[id]";

function store({ target }) {
  if (!target.matches(".languages")) return;
  const path = target.elements.next?.value ?? location.pathname;
  const fields = [...document.querySelectorAll(FIELDS)].map(({ id, value, checked }) => ({
    id,
    value,
    checked,
  }));
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ path, fields }));
}

function restore() {
  const stored = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  if (!stored) return;
  const { path, fields } = JSON.parse(stored);
  if (path === location.pathname) fields.forEach(fill);
}

function fill({ id, value, checked }) {
  const field = document.getElementById(id);
  if (!field || isFilled(field, value, checked)) return;
  field.value = value;
  field.checked = checked;
  field.closest("details")?.setAttribute("open", "");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function isFilled(field, value, checked) {
  return field.value === value && field.checked === checked;
}

document.addEventListener("submit", store);
restore();
