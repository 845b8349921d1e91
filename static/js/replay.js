/**
 * Plays a recorded duel at its pace: [data-replay] holds its turns, each with cards that have data-pace
 * (recorded-text.js). It waits for no server, shows all at once when asked to, and plays once in a tab.
 * Timers, and not frames: a hidden tab goes on.
 */

const TICK_MS = 60;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const shown = new WeakSet();

class Replay {
  #isSkipped = false;

  constructor(box) {
    this.box = box;
    const turns = [...box.querySelectorAll(".turn")];
    this.turns = turns.length ? turns : [box];
    this.key = `replayed-${box.dataset.replay}`;
  }

  start() {
    if (isStill.matches || sessionStorage.getItem(this.key)) this.#end();
    else this.#play();
  }

  /** Everything at once, from now on. */
  skip() {
    this.#isSkipped = true;
  }

  async #play() {
    for (const turn of this.turns) if (turn !== this.box) turn.hidden = true;
    this.box.dataset.replayState = "playing";
    for (const turn of this.turns) {
      turn.hidden = false;
      await this.#playTurn([...turn.querySelectorAll("[data-pace]")]);
    }
    const hadFocus = document.activeElement?.matches("[data-show-all]");
    this.#end();
    if (hadFocus) this.box.querySelector("#next-step [name=choice]")?.focus({ preventScroll: true });
    const call = this.box.querySelector("[data-vote-call]");
    if (call) document.querySelector("[data-announcer]")?.append(call.textContent.trim());
  }

  /** Resolves once both texts are whole. */
  #playTurn(cards) {
    const started = performance.now();
    const endMs = Math.max(0, ...cards.map((card) => JSON.parse(card.dataset.pace).at(-1)[0]));
    return new Promise((resolve) => {
      const tick = () => {
        const isGone = !this.box.isConnected;
        const ms = this.#isSkipped || isGone ? endMs : performance.now() - started;
        for (const card of cards) showCard(card, ms);
        if (ms >= endMs) resolve();
        else setTimeout(tick, TICK_MS);
      };
      tick();
    });
  }

  #end() {
    this.box.dataset.replayState = "done";
    sessionStorage.setItem(this.key, "1");
  }
}

/** The words for its state are those of the server again once it is whole: it may have been stopped. */
function showCard(card, ms) {
  const before = card.dataset.state;
  card.dispatchEvent(new CustomEvent("recorded:show", { bubbles: true, detail: { ms } }));
  if (card.dataset.state === before) return;
  const places = card.closest(".turn")?.querySelectorAll(`[data-state-of="${card.dataset.side}"]`) ?? [];
  for (const place of places) {
    place.dataset.endedLabel ??= place.textContent;
    const isWhole = card.dataset.state === "done";
    place.textContent = isWhole ? place.dataset.endedLabel : card.dataset.streamingLabel;
  }
}

let current = null;

/** What is in the page now: a vote or a step of a workshop may have replaced it. */
function follow() {
  const box = document.querySelector("[data-replay]");
  if (box && !shown.has(box)) {
    shown.add(box);
    current = new Replay(box);
    current.start();
  }
  if (document.querySelector("[data-reading-is-over]")) current?.skip();
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-show-all]")) current?.skip();
});
document.body.addEventListener("htmx:afterSwap", follow);
document.getElementById("live")?.addEventListener("live:applied", follow);
follow();
