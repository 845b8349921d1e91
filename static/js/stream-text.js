/**
 * Writes a live answer as its text comes, one block per line: the browser lays out the last line only.
 * Anything in the page may be replaced at any time, by a browser that translates it for one: no node of it is
 * kept from one insertion to the next, and the text to copy is kept apart.
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
  constructor(target, source) {
    this.target = target;
    this.source = source;
    this.restart();
  }

  /** What is shown stays until there is something to replace it: a text that is sent again does not blink. */
  restart() {
    this.pendingHtml = "";
    this.mustReplace = true;
  }

  add(html) {
    this.pendingHtml += html;
    pendingTexts.add(this);
    timer ??= setTimeout(tick, lastTickAt + INSERTION_MS - performance.now());
  }

  insert() {
    if (this.mustReplace) this.clear();
    decoder.innerHTML = this.pendingHtml; // escaped by the server
    const text = decoder.content.textContent;
    const [endOfLine, ...newLines] = text.split("\n");
    appendToLastLine(this.target, endOfLine);
    this.target.append(...newLines.map(lineBlock));
    this.source?.append(text);
    this.pendingHtml = "";
    pendingTexts.delete(this);
  }

  clear() {
    this.target.style.minHeight = `${this.target.offsetHeight}px`;
    this.target.replaceChildren();
    this.source?.replaceChildren();
    this.mustReplace = false;
  }
}

function appendToLastLine(target, text) {
  const line = target.lastElementChild;
  if (!line?.matches("div")) target.append(lineBlock(text));
  else if (line.lastChild?.nodeType === Node.TEXT_NODE) line.lastChild.appendData(text);
  else line.append(text);
}

function lineBlock(text) {
  const block = document.createElement("div");
  block.append(text);
  return block;
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
  const reasoning = new StreamedText(card.querySelector("[data-reasoning]"));
  const source = card.querySelector("[data-source]").content;
  const answer = new StreamedText(card.querySelector("[data-text]"), source);
  const insertBoth = () => {
    reasoning.insert();
    answer.insert();
  };
  card.addEventListener("answer:start", () => {
    reasoning.restart();
    answer.restart();
  });
  card.addEventListener("answer:reasoning", ({ detail }) => reasoning.add(detail));
  card.addEventListener("answer:chunk", ({ detail }) => answer.add(detail));
  card.addEventListener("answer:failed", insertBoth);
  card.addEventListener("answer:done", insertBoth);
  watchEnd(card, answer.target);
}

document.querySelectorAll("[data-stream-url] [data-side]").forEach(listen);
