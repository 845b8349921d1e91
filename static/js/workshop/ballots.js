/**
 * A participant's votes: stored in the page until the server has taken them, sent again after a cut network.
 * The same ballot sent twice is one; a late one gets a sentence.
 */

const RETRY_MS = 2_000;
const view = document.getElementById("live");
const message = document.querySelector("[data-notice]");
const cut = document.querySelector("[data-offline]");
const reading = document.querySelector("[data-reading]");
const ballotForm = document.querySelector("[data-ballot-form]");
const mine = JSON.parse(view.dataset.mine);
const pending = new Map(); // by round and kind, so that the last choice is the one that is sent
const PLACE = `ballots ${location.pathname}`;
let isSending = false;
function say(sentence) {
  message.textContent = sentence;
  message.hidden = !sentence;
}

/** What was said of a vote is of no use in the next phase. */
function clearMessage() {
  const { version } = view.querySelector("[data-version]").dataset;
  if (version !== clearMessage.version && !pending.size) say("");
  clearMessage.version = version;
}

function store() {
  sessionStorage.setItem(PLACE, JSON.stringify([...pending]));
}

function mark() {
  for (const button of view.querySelectorAll("[name=ballot]")) {
    const [round, kind, choice] = button.value.split(":");
    button.setAttribute("aria-pressed", mine[`${round}:${kind}`] === choice);
  }
}

function post(form, body) {
  const signal = AbortSignal.timeout(8_000);
  return fetch(form.action, { method: "POST", body, headers: { "X-Live": "1" }, signal });
}

async function sendPending() {
  if (isSending || !pending.size) return;
  isSending = true;
  const [key, choice] = pending.entries().next().value;
  try {
    const fields = new FormData(ballotForm);
    fields.set("ballot", `${key}:${choice}`);
    const response = await post(ballotForm, fields);
    if (response.status >= 500 || response.status === 429) throw new Error(response.statusText);
    if (pending.get(key) === choice) pending.delete(key);
    say(response.ok ? view.dataset.taken : await response.text());
    cut.hidden = true;
  } catch {
    say(view.dataset.pending);
    setTimeout(sendPending, RETRY_MS);
    return;
  } finally {
    isSending = false;
    store();
  }
  sendPending();
}

function vote(button) {
  const [round, kind, choice] = button.value.split(":");
  mine[`${round}:${kind}`] = choice;
  pending.set(`${round}:${kind}`, choice);
  store();
  mark();
  sendPending();
}

/** Both answers are fetched once, at a moment of their own: three hundred pages do not ask together. */
async function read() {
  const url = view.querySelector("[data-reading-url]")?.dataset.readingUrl;
  if (!url && !view.querySelector(".ballot-blind, .ballot-bet")) reading.hidden = true;
  if (!url) return;
  reading.hidden = false;
  if (reading.dataset.url === url) return;
  reading.dataset.url = url;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
  const response = await fetch(url, { headers: { "X-Live": "1" } }).catch(() => null);
  if (response?.ok) reading.innerHTML = await response.text();
  else delete reading.dataset.url;
}

async function sendForm(form) {
  const response = await post(form, new FormData(form)).catch(() => null);
  if (!response) return say(view.dataset.pending);
  if (form.matches("[data-propose-form]") && response.ok) form.reset();
  return say(response.ok ? (form.dataset.sent ?? "") : await response.text());
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.name === "ballot") vote(event.submitter);
  else sendForm(event.target);
});
document.querySelector("[data-heads-form]")?.addEventListener("change", ({ currentTarget }) => {
  sendForm(currentTarget);
});
for (const update of [mark, read, clearMessage]) view.addEventListener("live:applied", update);
addEventListener("online", sendPending);
for (const [key, choice] of JSON.parse(sessionStorage.getItem(PLACE) ?? "[]")) pending.set(key, choice);
mark();
read();
sendPending();
