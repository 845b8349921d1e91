/**
 * Question boxes: Enter sends, or breaks the line on a touch keyboard, which has no Shift+Enter; the length
 * is counted near the limit. No form is sent twice.
 */

const COUNTED_FROM = 0.9; // of the limit
const SEND_AGAIN_MS = 15_000; // after which a page whose loading was stopped may send again
const touchKeyboard = matchMedia("(pointer: coarse)");
const labels = new WeakMap();

function isPrompt(field) {
  return field.matches?.("[data-prompt]");
}

function submitOnEnter(event) {
  // keyCode 229: Safari says the composition is over one event too early.
  const isComposing = event.isComposing || event.keyCode === 229;
  if (!isPrompt(event.target) || event.key !== "Enter" || isComposing) return;
  const breaksLine = event.shiftKey || touchKeyboard.matches;
  if (breaksLine && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

/** What the key Enter of a touch keyboard shows. */
function labelEnterKey() {
  for (const field of document.querySelectorAll("[data-prompt]")) {
    field.enterKeyHint = touchKeyboard.matches ? "enter" : "send";
  }
}

function countCharacters(field) {
  const { lang } = document.documentElement;
  const length = Array.from(field.value.trim()).length; // code points, as the server counts
  const limit = Number(field.dataset.maxLength);
  const counter = field.form.querySelector("[data-counter]");
  counter.hidden = length < limit * COUNTED_FROM;
  counter.textContent = `${length.toLocaleString(lang)} / ${limit.toLocaleString(lang)}`;
  counter.toggleAttribute("data-too-long", length > limit);
  field.setCustomValidity(length > limit ? `${field.dataset.tooLong} (${counter.textContent})` : "");
}

function refuseSecondSubmit(event) {
  const form = event.target;
  if (form.hasAttribute("hx-post")) return; // htmx disables its own buttons
  if (form.dataset.sent) event.preventDefault();
  else disable(event.submitter ?? form.querySelector("button"));
  form.dataset.sent = "true";
}

/** The button shows its busy label, if it has one. */
function disable(button) {
  button.setAttribute("aria-disabled", "true");
  setTimeout(enableAll, SEND_AGAIN_MS);
  if (!button.dataset.busyLabel) return;
  labels.set(button, [...button.childNodes]);
  button.replaceChildren(button.dataset.busyLabel);
}

function enable(button) {
  button.removeAttribute("aria-disabled");
  if (labels.has(button)) button.replaceChildren(...labels.get(button));
  labels.delete(button);
}

function enableAll() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach(enable);
  }
}

labelEnterKey();
touchKeyboard.addEventListener("change", labelEnterKey);
document.addEventListener("keydown", submitOnEnter);
document.addEventListener("input", ({ target }) => {
  if (isPrompt(target)) countCharacters(target);
});
document.addEventListener("submit", refuseSecondSubmit);
window.addEventListener("pageshow", enableAll); // the page may come back from the browser's memory
document.querySelectorAll("[data-prompt]").forEach(countCharacters);
