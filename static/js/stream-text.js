/**
 * Decides when the text of a live answer is inserted: what has come meanwhile goes together, as text:insert
 * to the place where it is written (text-blocks.js).
 */

const INSERTION_MS = 160; // each insertion costs a layout and a paint, so chunks are inserted together
const OFFSCREEN_TICKS = 6; // where the end of the text is far off the screen, one insertion in so many
const pendingTexts = new Set();
const offscreenTargets = new Set();
const decoder = document.createElement("template");
let ticks = 0;
let lastTickAt = 0;
let timer = null;

class StreamedText {
  constructor(target) {
    this.target = target;
    this.restart();
  }

  /** What is shown stays until there is something to replace it: a text that is sent again does not blink. */
  restart() {
    this.pendingHtml = "";
    this.pendingBlocks = [];
    this.mustReplace = true;
  }

  add(html) {
    this.pendingHtml += html;
    this.schedule();
  }

  /** data: on the first line how many units of text are replaced, or "all"; then the HTML of the blocks. */
  addBlocks(data) {
    const end = data.indexOf("\n");
    this.pendingBlocks.push({ units: data.slice(0, end), html: data.slice(end + 1) });
    this.schedule();
  }

  schedule() {
    pendingTexts.add(this);
    timer ??= setTimeout(tick, lastTickAt + INSERTION_MS - performance.now());
  }

  insert() {
    decoder.innerHTML = this.pendingHtml; // escaped by the server
    const text = decoder.content.textContent;
    const detail = { text, blocks: this.pendingBlocks, mustReplace: this.mustReplace };
    this.pendingHtml = "";
    this.pendingBlocks = [];
    this.mustReplace = false;
    pendingTexts.delete(this);
    this.target.dispatchEvent(new CustomEvent("text:insert", { detail }));
  }
}

function tick() {
  ticks += 1;
  lastTickAt = performance.now();
  for (const text of pendingTexts) {
    if (ticks % OFFSCREEN_TICKS === 0 || !offscreenTargets.has(text.target)) text.insert();
  }
  timer = pendingTexts.size ? setTimeout(tick, INSERTION_MS) : null;
}

function watchEnd(card, target) {
  const observer = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (isIntersecting) offscreenTargets.delete(target);
      else offscreenTargets.add(target);
    },
    { rootMargin: "30% 0px" },
  );
  observer.observe(card.querySelector("[data-answer-end]"));
}

function listen(card) {
  const answer = new StreamedText(card.querySelector("[data-text]"));
  const insert = () => answer.insert();
  card.addEventListener("answer:start", () => answer.restart());
  card.addEventListener("answer:chunk", ({ detail }) => answer.add(detail));
  card.addEventListener("answer:html", ({ detail }) => answer.addBlocks(detail));
  card.addEventListener("answer:failed", insert);
  card.addEventListener("answer:done", insert);
  watchEnd(card, answer.target);
}

document.querySelectorAll("[data-stream-url] [data-side]").forEach(listen);
