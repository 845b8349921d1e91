/** Follows a live turn by plain requests, every few seconds, where the network lets no stream through. */

const PERIOD_MS = 2_500;
const TIMEOUT_MS = 15_000;

class TurnRequests {
  #request = null;
  #timer = null;

  constructor(turn) {
    this.turn = turn;
  }

  /** Where plain requests fail too, the server is away: the turn is lost, and its stream is tried again. */
  async next() {
    this.stop();
    const request = new AbortController();
    this.#request = request;
    this.#timer = setTimeout(() => request.abort(), TIMEOUT_MS);
    try {
      const events = await this.#fetchEvents(request.signal);
      if (this.#request === request) this.#passOn(events);
    } catch {
      if (this.#request === request) this.#lose();
    }
  }

  stop() {
    clearTimeout(this.#timer);
    const request = this.#request;
    this.#request = null;
    request?.abort();
  }

  async #fetchEvents(signal) {
    const { eventsUrl, position = "" } = this.turn.dataset;
    const response = await fetch(`${eventsUrl}?after=${position}`, { cache: "no-store", signal });
    if (response.status === 404) this.turn.dispatchEvent(new Event("turn:gone"));
    if (!response.ok) throw new Error(response.statusText);
    return response.json(); // fails where a proxy put a page of its own in its place
  }

  #passOn(events) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.next(), PERIOD_MS);
    this.turn.dispatchEvent(new Event("turn:alive"));
    for (const [name, data, id] of events) {
      this.turn.dispatchEvent(new CustomEvent("turn:event", { detail: { name, data, id } }));
    }
  }

  #lose() {
    this.stop();
    this.turn.dispatchEvent(new Event("turn:error"));
    this.turn.dispatchEvent(new Event("turn:lost"));
  }
}

function listen(turn) {
  const requests = new TurnRequests(turn);
  turn.addEventListener("turn:follow", () => requests.stop());
  turn.addEventListener("turn:pause", () => requests.stop());
  turn.addEventListener("turn:follow-plainly", () => requests.next());
}

document.querySelectorAll("[data-stream-url]").forEach(listen);
