/**
 * Follows the stream of a live turn, which reconnects when it is cut. It gives way to plain requests where
 * the network lets no stream through, or where too many tabs have one.
 */

const EVENTS = ["a", "b"].flatMap((side) =>
  ["start", "reasoning", "chunk", "html", "cut", "done", "failed"].map((kind) => `${side}-${kind}`),
);
const FIRST_SILENCE_MS = 5_000; // the server sends something within a second
const SILENCE_MS = 12_000; // and then every five seconds
const MOST_CUTS = 2; // streams in a row that end before their first event
// Without HTTP/2, a browser opens six connections to a server for all its tabs: the oldest streams give way.
const MOST_STREAMS = 4;

class TurnStream {
  #source = null;
  #tabs = null;
  #silenceTimer = null;
  #cuts = 0;

  constructor(turn) {
    this.turn = turn;
    this.id = Math.random();
  }

  open() {
    this.close();
    delete this.turn.dataset.position;
    this.#source = new EventSource(this.turn.dataset.streamUrl);
    this.#source.onopen = () => this.turn.dispatchEvent(new Event("turn:alive"));
    this.#source.onerror = () => this.#onError();
    this.#source.addEventListener("heartbeat", () => this.#notePassage());
    for (const name of [...EVENTS, "end"]) {
      this.#source.addEventListener(name, ({ data, lastEventId }) => {
        this.#notePassage();
        const detail = { name, data, id: lastEventId };
        this.turn.dispatchEvent(new CustomEvent("turn:event", { detail }));
      });
    }
    this.#expectWithin(FIRST_SILENCE_MS);
    this.#joinTabs();
  }

  close() {
    clearTimeout(this.#silenceTimer);
    this.#source?.close();
    this.#source = null;
    this.#tabs?.postMessage({ id: this.id, isOpen: false });
    this.#tabs?.close();
    this.#tabs = null;
  }

  #notePassage() {
    this.#cuts = 0;
    this.#expectWithin(SILENCE_MS);
  }

  #expectWithin(milliseconds) {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#giveWay(), milliseconds);
  }

  #giveWay() {
    this.turn.dispatchEvent(new Event("turn:follow-plainly"));
  }

  #onError() {
    this.#cuts += 1;
    this.turn.dispatchEvent(new Event("turn:error"));
    // CLOSED: it was refused, and only a plain request can read why.
    if (this.#cuts > MOST_CUTS || this.#source.readyState === EventSource.CLOSED) this.#giveWay();
    // While CONNECTING the browser tries again by itself, from the last id it saw.
    else this.#expectWithin(FIRST_SILENCE_MS);
  }

  /** Tells the other tabs of this stream, and counts theirs that are newer. */
  #joinTabs() {
    const newer = new Set();
    this.#tabs = new BroadcastChannel("streams");
    this.#tabs.onmessage = ({ data: { id, isOpen } }) => {
      if (isOpen) newer.add(id);
      else newer.delete(id);
      if (newer.size >= MOST_STREAMS) this.#giveWay();
    };
    this.#tabs.postMessage({ id: this.id, isOpen: true });
  }
}

function listen(turn) {
  const stream = new TurnStream(turn);
  turn.addEventListener("turn:follow", () => stream.open());
  turn.addEventListener("turn:follow-plainly", () => stream.close());
  turn.addEventListener("turn:pause", () => stream.close());
}

document.querySelectorAll("[data-stream-url]").forEach(listen);
