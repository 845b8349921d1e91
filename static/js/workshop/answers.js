/** Shows both answers on the projector while they stream; plain requests take over where no stream passes. */

const SIDE_EVENTS = ["start", "chunk", "html", "failed", "done"];
const POLL_MS = 2_500;
const WITHOUT_EVENT_MS = 6_000;
const board = document.getElementById("live");
let follower = null;

/** The text of one side: blocks that have ended as HTML, then what is still being written. */
class SideText {
  constructor(target) {
    this.target = target;
    this.tail = document.createTextNode("");
    this.done = document.createElement("div");
  }

  take(kind, data) {
    if (kind === "start") this.done.replaceChildren();
    if (kind === "start") this.tail.data = "";
    if (kind === "chunk") this.tail.data += decode(data);
    if (kind === "html") this.addBlocks(data);
    if (!this.tail.isConnected && kind !== "start") this.target.replaceChildren(this.done, this.tail);
    this.target.dispatchEvent(new Event("text:grown", { bubbles: true }));
  }

  /** data: on its first line how many units of text are replaced, or "all"; then the HTML. */
  addBlocks(data) {
    const cut = data.indexOf("\n");
    const units = data.slice(0, cut);
    if (units === "all") this.done.innerHTML = data.slice(cut + 1);
    else this.done.insertAdjacentHTML("beforeend", data.slice(cut + 1));
    this.tail.data = units === "all" ? "" : this.tail.data.slice(Number(units));
  }
}

function decode(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // escaped by the server
  return template.content.textContent;
}

class Follower {
  constructor(box) {
    this.box = box;
    this.position = "";
    this.sides = Object.fromEntries(
      [...box.querySelectorAll("[data-side]")].map((side) => [side.dataset.side, new SideText(side)]),
    );
    this.open();
  }

  open() {
    this.source = new EventSource(this.box.dataset.answersUrl);
    for (const side of ["a", "b"]) {
      for (const kind of SIDE_EVENTS) {
        this.source.addEventListener(`${side}-${kind}`, ({ data }) => this.take(side, kind, data));
      }
    }
    this.source.addEventListener("heartbeat", () => this.expect());
    this.source.addEventListener("end", () => this.source.close());
    this.source.onerror = () => this.source.readyState === EventSource.CLOSED && this.poll();
    this.expect();
  }

  take(side, kind, data) {
    this.expect();
    this.sides[side]?.take(kind, data);
  }

  expect() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.poll(), WITHOUT_EVENT_MS);
  }

  async poll() {
    clearTimeout(this.timer);
    this.source.close();
    if (!this.box.isConnected) return;
    try {
      const response = await fetch(`${this.box.dataset.eventsUrl}?after=${this.position}`);
      for (const [name, data, id] of await response.json()) {
        this.position = id || this.position;
        if (name === "end") return;
        this.sides[name[0]]?.take(name.slice(2), data);
      }
    } catch {
      // The network is away: the next request comes soon.
    }
    this.timer = setTimeout(() => this.poll(), POLL_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.source.close();
  }
}

function follow() {
  const box = board.querySelector("[data-answers-url]");
  if (follower?.box === box) return;
  follower?.stop();
  follower = box ? new Follower(box) : null;
}

follow();
board.addEventListener("live:applied", follow);
