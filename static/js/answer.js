/** What becomes of a live answer: its state in words and aloud, its finished HTML, why there is no more. */

const TELLING_MS = 400; // what changes together is told together; what a broken line repeats is not told again
const STATES = { start: "streaming", done: "done", failed: "failed" };
const cards = [...document.querySelectorAll("[data-stream-url] [data-side]")];
const told = new Map(cards.map((card) => [card, "waiting"]));
const announcer = document.querySelector("[data-announcer]");
let timer = setTimeout(tell, TELLING_MS);

function tell() {
  for (const card of cards) {
    const { state } = card.dataset;
    if (told.get(card) === state) continue;
    told.set(card, state);
    const why = card.querySelector("[data-shortfall]").textContent;
    announcer.append(`${card.dataset[`${state}Sentence`]} ${why}`.trim(), document.createElement("br"));
  }
}

function enter(card, state) {
  card.dataset.state = state;
  const words = card.closest(".turn").querySelectorAll(`[data-state-of=${card.dataset.side}]`);
  for (const word of words) word.textContent = card.dataset[`${state}Label`];
  clearTimeout(timer);
  timer = setTimeout(tell, TELLING_MS);
}

/** On a phone, who reads in the middle of the text stays near the same words; side by side, both texts stay. */
function finish(card, text, html) {
  const { top, height } = text.getBoundingClientRect();
  text.style.minHeight = "";
  text.innerHTML = html;
  delete text.dataset.raw;
  const growth = text.offsetHeight - height;
  text.style.minHeight = `${height}px`; // nor does what stands below move
  const isAlone = text.offsetWidth > innerWidth / 2;
  const isRead = document.querySelector(`.switch [aria-current][href="#${card.id}"]`);
  if (isAlone && isRead && top < 0) scrollBy({ top: (growth * -top) / height, behavior: "instant" });
}

function listen(card) {
  const [text, shortfall] = ["text", "shortfall"].map((name) => card.querySelector(`[data-${name}]`));
  card.addEventListener("answer:start", () => shortfall.replaceChildren());
  card.addEventListener("answer:reasoning", () => (card.querySelector(".reasoning").hidden = false));
  card.addEventListener("answer:done", ({ detail }) => finish(card, text, detail));
  for (const why of ["cut", "failed"])
    card.addEventListener(`answer:${why}`, ({ detail }) => (shortfall.innerHTML = detail));
  for (const [name, state] of Object.entries(STATES))
    card.addEventListener(`answer:${name}`, () => enter(card, state));
}

/** What ends from now on ends because the reader asked. */
function nameTheEnd({ target }) {
  if (!target.matches("[data-stop]")) return;
  target.querySelector("button").setAttribute("aria-disabled", "true");
  for (const { dataset } of cards)
    Object.assign(dataset, { doneLabel: dataset.stoppedLabel, doneSentence: dataset.stoppedSentence });
}

cards.forEach(listen);
document.body.addEventListener("htmx:beforeRequest", nameTheEnd);
