/** The text of a live answer as it comes, a block per line: the browser then sets the last line only. */

const INSERTION_MS = 160; // each insertion makes the browser set, paint and draw the text again: not for every chunk
const UNSEEN_TICKS = 6; // one insertion in so many where the end of the text is far off the screen
const [growing, unseen] = [new Set(), new Set()];
const decoder = document.createElement("template");
let [ticks, tickedAt, timer] = [0, 0, null];

class Growing {
  constructor(target) {
    this.target = target;
    this.begin();
  }
  /** What is shown stays until there is something to show instead: a text that is sent again does not blink. */
  begin() {
    Object.assign(this, { html: "", pending: "", isOld: true });
  }
  add(html) {
    this.pending += html;
    growing.add(this);
    timer ??= setTimeout(tick, tickedAt + INSERTION_MS - performance.now());
  }

  insert() {
    if (this.isOld) this.target.style.minHeight = `${this.target.offsetHeight}px`;
    if (this.isOld) this.target.replaceChildren(line(""));
    decoder.innerHTML = this.pending; // escaped by the server
    const [rest, ...lines] = decoder.content.textContent.split("\n");
    this.target.lastElementChild.firstChild.appendData(rest);
    this.target.append(...lines.map(line));
    Object.assign(this, { html: this.html + this.pending, pending: "", isOld: false });
    growing.delete(this);
  }
}

function line(text) {
  const block = document.createElement("div");
  block.append(text);
  return block;
}

function tick() {
  [ticks, tickedAt] = [ticks + 1, performance.now()];
  for (const part of growing) if (ticks % UNSEEN_TICKS === 0 || !unseen.has(part.target)) part.insert();
  timer = growing.size ? setTimeout(tick, INSERTION_MS) : null;
}

function write(card) {
  const find = (name) => card.querySelector(`[data-${name}]`);
  const parts = { reasoning: new Growing(find("reasoning")), chunk: new Growing(find("text")) };
  const all = (verb) => Object.values(parts).forEach((part) => part[verb]());
  card.addEventListener("answer:start", () => all("begin"));
  for (const name in parts) card.addEventListener(`answer:${name}`, ({ detail }) => parts[name].add(detail));
  for (const end of ["done", "failed"]) card.addEventListener(`answer:${end}`, () => all("insert"));
  card.addEventListener("answer:done", () => (find("source").innerHTML = parts.chunk.html));
  const look = ([{ isIntersecting }]) => unseen[isIntersecting ? "delete" : "add"](parts.chunk.target);
  new IntersectionObserver(look, { rootMargin: "30% 0px" }).observe(find("end"));
}

document.querySelectorAll("[data-stream-url] [data-side]").forEach(write);
