/**
 * A turn whose answers are being written: passes its events to the cards, and has it followed by stream.js or
 * plain-requests.js while somebody can see it. A hidden tab follows nothing, and catches up.
 */

const EVENT = /^([ab])-(\w+)$/;
const ENDED_STATES = ["done", "failed"];
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const ERRORS_BEFORE_MESSAGE = 4;
const HIDDEN_MS = 3_000; // after which a hidden tab gives its connection up
const connectionLost = document.querySelector("[data-connection-lost]");

class LiveTurn {
  #errors = 0;
  #retryTimer = null;
  #hiddenTimer = null;
  #isPaused = true;
  #hasEnded = false;
  #isGone = false;

  constructor(turn) {
    this.turn = turn;
    this.cards = [...turn.querySelectorAll("[data-side]")].filter(
      (card) => !ENDED_STATES.includes(card.dataset.state),
    );
    turn.addEventListener("turn:event", ({ detail }) => this.#take(detail));
    turn.addEventListener("turn:alive", () => this.#countErrors(0));
    turn.addEventListener("turn:error", () => this.#countErrors(this.#errors + 1));
    turn.addEventListener("turn:lost", () => this.#followLater());
    turn.addEventListener("turn:gone", () => this.#stopForGood());
  }

  /** Begins at the beginning: a card replaces its text once there is something to replace it. */
  follow() {
    this.pause();
    if (this.#isGone) return;
    if (this.#hasEnded) document.body.dispatchEvent(new Event("stream-end"));
    else if (!document.hidden) this.#begin();
  }

  pause() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#hiddenTimer);
    this.#isPaused = true;
    this.turn.dispatchEvent(new Event("turn:pause"));
  }

  onVisibilityChange() {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = setTimeout(() => this.pause(), HIDDEN_MS);
    else if (this.#isPaused) this.follow();
  }

  showOffline() {
    connectionLost.hidden = this.#hasEnded || this.#isGone;
  }

  #stopForGood() {
    this.#isGone = true;
    this.pause();
  }

  #begin() {
    this.#isPaused = false;
    this.turn.dispatchEvent(new Event("turn:follow"));
  }

  #take({ name, data, id }) {
    this.turn.dataset.position = id;
    this.#countErrors(0);
    if (name === "end") this.#end();
    const [, side, kind] = EVENT.exec(name) ?? [];
    const card = this.cards.find(({ dataset }) => dataset.side === side);
    if (!card || card.dataset.state === "done") return; // sent again
    if (id.startsWith("0-")) card.dataset.replayed = ""; // it comes from the database
    card.dispatchEvent(new CustomEvent(`answer:${kind}`, { detail: data, bubbles: true }));
  }

  #end() {
    this.#hasEnded = true;
    this.follow();
  }

  #followLater() {
    clearTimeout(this.#retryTimer);
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (this.#errors - 1), LONGEST_RETRY_MS);
    this.#retryTimer = setTimeout(() => this.follow(), delay);
  }

  #countErrors(errors) {
    this.#errors = errors;
    connectionLost.hidden = this.#isGone || (errors < ERRORS_BEFORE_MESSAGE && navigator.onLine);
  }
}

function watch(turn) {
  const live = new LiveTurn(turn);
  live.follow();
  addEventListener("online", () => live.follow());
  addEventListener("offline", () => live.showOffline());
  // Browsers keep no page with an open stream for the back button.
  addEventListener("pagehide", () => live.pause());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) live.follow();
  });
  document.addEventListener("visibilitychange", () => live.onVisibilityChange());
}

document.querySelectorAll("[data-stream-url]").forEach(watch);
