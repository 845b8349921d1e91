/** Shows what becomes of a live answer: its state, why there is no more text. */

const ANNOUNCE_MS = 400; // changes of state within this time are announced together
const cards = [...document.querySelectorAll("[data-stream-url] [data-side]")];
const announcedStates = new Map(cards.map((card) => [card, "waiting"]));
const announcer = document.querySelector("[data-announcer]");
const thinkingTimers = new Map();
let announceTimer = setTimeout(announceStates, ANNOUNCE_MS);

function announceStates() {
  for (const card of cards) {
    const { state } = card.dataset;
    if (announcedStates.get(card) === state) continue;
    announcedStates.set(card, state);
    const sentence = card.dataset[`${state}Sentence`];
    const reason = card.querySelector("[data-shortfall]").textContent;
    announcer.append(`${sentence} ${reason}`.trim(), document.createElement("br"));
  }
}

function setLabel(card, text) {
  const labels = card.closest(".turn").querySelectorAll(`[data-state-of=${card.dataset.side}]`);
  for (const label of labels) label.textContent = text;
}

function setState(card, state) {
  clearTimeout(thinkingTimers.get(card));
  card.dataset.state = state;
  setLabel(card, card.dataset[`${state}Label`]);
  clearTimeout(announceTimer);
  announceTimer = setTimeout(announceStates, ANNOUNCE_MS);
}

/** A model that reasons says nothing yet: its seconds are counted. seconds: since it began. */
function showThinking(card, seconds) {
  const beganAt = performance.now() - 1_000 * seconds;
  const show = () => {
    const elapsed = Math.round((performance.now() - beganAt) / 1_000);
    setLabel(card, card.dataset.thinkingLabel.replace("{n}", elapsed));
    thinkingTimers.set(card, setTimeout(show, 1_000));
  };
  setState(card, "thinking");
  show();
}

/** A browser that translates the page leaves a text alone while it is written. */
function allowTranslation(card, isAllowed) {
  card.querySelector("[data-text]").translate = isAllowed;
}

function listen(card) {
  const shortfall = card.querySelector("[data-shortfall]");
  const showShortfall = ({ detail }) => {
    shortfall.innerHTML = detail;
  };
  card.addEventListener("answer:start", () => {
    shortfall.replaceChildren();
    allowTranslation(card, false);
    setState(card, "streaming");
  });
  card.addEventListener("answer:reasoning", ({ detail }) => showThinking(card, Number(detail)));
  card.addEventListener("answer:chunk", () => {
    if (card.dataset.state === "thinking") setState(card, "streaming");
  });
  card.addEventListener("answer:cut", showShortfall);
  card.addEventListener("answer:done", () => {
    allowTranslation(card, true);
    setState(card, "done");
  });
  card.addEventListener("answer:failed", (event) => {
    allowTranslation(card, true);
    showShortfall(event);
    setState(card, "failed");
  });
}

/** From the moment the reader asks to stop, an answer that ends has been stopped. */
function labelAsStopped({ target }) {
  if (!target.matches("[data-stop]")) return;
  target.querySelector("button").setAttribute("aria-disabled", "true");
  for (const { dataset } of cards) {
    dataset.doneLabel = dataset.stoppedLabel;
    dataset.doneSentence = dataset.stoppedSentence;
  }
}

/** The duel has been deleted: what was written stays on the screen, and nothing more comes. */
function showGone() {
  document.querySelector("[data-duel-gone]").hidden = false;
  document.getElementById("next-step")?.remove();
  for (const card of cards) {
    if (card.dataset.state !== "done") card.dispatchEvent(new CustomEvent("answer:failed"));
  }
}

cards.forEach(listen);
for (const turn of document.querySelectorAll("[data-stream-url]"))
  turn.addEventListener("turn:gone", showGone);
document.body.addEventListener("htmx:beforeRequest", labelAsStopped);
