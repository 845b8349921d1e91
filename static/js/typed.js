/** What is typed outlives a change of language: this tab keeps it until the page comes in the other one. */

const KEY = "typed";
const FIELDS = "main :is(textarea, select, input:not([type=hidden]))[id]";

function keep({ target }) {
  if (!target.matches(".languages")) return;
  const path = target.elements.next?.value ?? location.pathname;
  const fields = [...document.querySelectorAll(FIELDS)].map(({ id, value, checked }) => ({
    id,
    value,
    checked,
  }));
  sessionStorage.setItem(KEY, JSON.stringify({ path, fields }));
}

function giveBack({ path, fields }) {
  if (path === location.pathname) fields.forEach(fill);
}

function fill({ id, ...typed }) {
  const field = document.getElementById(id);
  if (!field || Object.keys(typed).every((name) => field[name] === typed[name])) return;
  Object.assign(field, typed);
  field.closest("details")?.setAttribute("open", "");
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

document.addEventListener("submit", keep);
const kept = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (kept) giveBack(JSON.parse(kept));
