/** Follows the stream of a live turn, passes its events to the cards, reconnects when it is cut. */

const EVENTS = ["start", "reasoning", "chunk", "cut", "done", "failed"];
const ENDED_STATES = ["done", "failed"];
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const ERRORS_BEFORE_MESSAGE = 4;
const connectionLost = document.querySelector("[data-connection-lost]");

class TurnStream {
  #source = null;
  #retryTimer = null;
  #errors = 0;
  #hasEnded = false;

  constructor(turn) {
    this.url = turn.dataset.streamUrl;
    this.cards = [...turn.querySelectorAll("[data-side]")].filter(
      (card) => !ENDED_STATES.includes(card.dataset.state),
    );
  }

  connect() {
    this.close();
    if (this.#hasEnded) {
      document.body.dispatchEvent(new Event("stream-end"));
      return;
    }
    this.#source = new EventSource(this.url);
    this.#source.onopen = () => this.#countErrors(0);
    this.#source.onerror = () => this.#retry();
    this.#source.addEventListener("end", () => this.#end());
    for (const card of this.cards) forwardEvents(this.#source, card);
  }

  close() {
    clearTimeout(this.#retryTimer);
    this.#source?.close();
  }

  showOffline() {
    connectionLost.hidden = this.#hasEnded;
  }

  #retry() {
    this.#countErrors(this.#errors + 1);
    // While CONNECTING the browser tries again by itself, from the last id it saw.
    if (this.#source.readyState !== EventSource.CLOSED) return;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (this.#errors - 1), LONGEST_RETRY_MS);
    this.#retryTimer = setTimeout(() => this.connect(), delay);
  }

  #countErrors(errors) {
    this.#errors = errors;
    connectionLost.hidden = errors < ERRORS_BEFORE_MESSAGE && navigator.onLine;
  }

  #end() {
    this.#hasEnded = true;
    this.connect();
  }
}

function forwardEvents(source, card) {
  for (const name of EVENTS) {
    source.addEventListener(`${card.dataset.side}-${name}`, ({ data, lastEventId }) => {
      if (lastEventId.startsWith("0-")) card.dataset.replayed = ""; // it comes from the database
      if (card.dataset.state === "done") return; // a new connection begins at the beginning
      card.dispatchEvent(new CustomEvent(`answer:${name}`, { detail: data, bubbles: true }));
    });
  }
}

function follow(turn) {
  const stream = new TurnStream(turn);
  stream.connect();
  addEventListener("online", () => stream.connect());
  addEventListener("offline", () => stream.showOffline());
  // Browsers keep no page with an open stream for the back button.
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) stream.connect();
  });
}

document.querySelectorAll("[data-stream-url]").forEach(follow);
