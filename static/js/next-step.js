/**
 * Brings the next step when both answers have ended: the vote, which is in the page already, or whatever the
 * server gives. This script is one of the late assets (js/duel.js) and may come after the end of the stream.
 */

const RETRY_MS = 1_000;
const ANNOUNCE_MS = 600; // after the end of the answers has been announced
const announcer = document.querySelector("[data-announcer]");
let isNextStepComing = false;
let hadFocus = false;

function cardStates() {
  const cards = [...document.querySelectorAll("[data-stream-url] [data-side]")];
  return cards.map((card) => card.dataset.state);
}

function isAnyTextWritten() {
  return [...document.querySelectorAll("[data-text]")].some((text) => text.textContent);
}

/** An answer that was replayed from the database may have ended long ago, and the vote been cast since. */
function isVoteNext() {
  const isReplayed = document.querySelector("[data-replayed]");
  return !isReplayed && isAnyTextWritten() && cardStates().every((state) => state === "done");
}

function showNextStep() {
  const current = document.querySelector("#next-step[hx-get]");
  if (!current) return;
  if (!isVoteNext()) {
    htmx.trigger(current, "next-step");
    return;
  }
  expectNextStep({ target: current });
  htmx.swap(current, current.querySelector("[data-next-step]").innerHTML, { swapStyle: "outerHTML" });
}

/** Without the next step there is no vote: it is asked for until the connection, or the server, is back. */
function retryIfLost({ detail: { elt, xhr } }) {
  if (elt.id !== "next-step") return;
  const isLost = xhr.status === 0 || xhr.status >= 500;
  if (isLost) setTimeout(showNextStep, RETRY_MS);
  else document.querySelector("[data-connection-lost]").hidden = true;
}

function expectNextStep({ target }) {
  isNextStepComing = target.matches("#next-step[hx-get]");
  hadFocus = target.contains(document.activeElement);
}

function welcomeNextStep({ target }) {
  if (!isNextStepComing || target.id !== "next-step") return;
  setTimeout(() => announceVote(target), ANNOUNCE_MS);
  if (hadFocus) target.querySelector("[name=choice]")?.focus({ preventScroll: true });
}

function announceVote(step) {
  const call = step.querySelector("[data-vote-call]");
  if (call) announcer.append(call.textContent.trim());
}

document.body.addEventListener("stream-end", showNextStep);
document.body.addEventListener("htmx:afterRequest", retryIfLost);
document.body.addEventListener("htmx:beforeSwap", expectNextStep);
document.body.addEventListener("htmx:afterSwap", welcomeNextStep);
if (cardStates().every((state) => state === "done" || state === "failed")) showNextStep();
