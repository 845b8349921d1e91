/** Suggestions: one fills the question, or others take their place, without leaving the page. */

const BLANK = /\[[^\]]+\]/;
const REPLACED_IDS = ["suggestion-list", "suggestion-topics"];

/** Fills the question; words in brackets are selected, so that what is typed takes their place. */
function fillPrompt(suggestion) {
  const field = document.querySelector("[data-prompt]");
  field.value = suggestion.querySelector("span").textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  const blank = BLANK.exec(field.value);
  if (blank) field.setSelectionRange(blank.index, blank.index + blank[0].length);
}

/** Puts other suggestions in the same places, which announces them; the focus stays on what was asked. */
async function showOthers(link) {
  const response = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!response.ok) throw new Error(response.statusText);
  const fetched = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of REPLACED_IDS) {
    document.getElementById(id).replaceChildren(...fetched.getElementById(id).childNodes);
  }
  document.getElementById(link.id).focus();
}

function onClick(event) {
  const link = event.target.closest("[data-suggestion], [data-more-suggestions]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-suggestion]")) fillPrompt(link);
  else showOthers(link).catch(() => location.assign(link.href)); // the browser says what is wrong
}

document.addEventListener("click", onClick);
