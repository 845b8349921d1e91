/** Question boxes: Enter sends, the length is counted near the limit; and no form leaves twice. */

const NEAR_THE_LIMIT = 0.9;
const PATIENCE_MS = 15_000; // whoever stopped the page from loading may send again
const labels = new WeakMap();

function submitOnEnter(event) {
  // keyCode 229: Safari says the composition is over one event too early.
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

function count(field) {
  const length = Array.from(field.value.trim()).length; // code points, as the server counts
  const limit = Number(field.dataset.limit);
  const counter = field.form.querySelector("[data-counter]");
  counter.hidden = length < limit * NEAR_THE_LIMIT;
  counter.textContent = `${length.toLocaleString(document.documentElement.lang)} / ${limit.toLocaleString(document.documentElement.lang)}`;
  counter.toggleAttribute("data-over", length > limit);
  field.setCustomValidity(length > limit ? `${field.dataset.over} (${counter.textContent})` : "");
}

function refuseASecondTime(event) {
  const form = event.target;
  if (form.hasAttribute("hx-post")) return; // htmx disables its own buttons
  if (form.dataset.sent) event.preventDefault();
  else hold(event.submitter ?? form.querySelector("button"));
  form.dataset.sent = "true";
}

/** The button says that it works. */
function hold(button) {
  button.setAttribute("aria-disabled", "true");
  setTimeout(allowAgain, PATIENCE_MS);
  if (!button.dataset.busy) return;
  labels.set(button, [...button.childNodes]);
  button.replaceChildren(button.dataset.busy);
}

function release(button) {
  button.removeAttribute("aria-disabled");
  if (labels.has(button)) button.replaceChildren(...labels.get(button));
  labels.delete(button);
}

function allowAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach(release);
  }
}

const isPrompt = (event) => event.target.matches?.("[data-prompt]");
document.addEventListener("keydown", (event) => isPrompt(event) && submitOnEnter(event));
document.addEventListener("input", (event) => isPrompt(event) && count(event.target));
document.addEventListener("submit", refuseASecondTime);
window.addEventListener("pageshow", allowAgain); // the page may come back from the browser's memory
document.querySelectorAll("[data-prompt]").forEach(count);
