/**
 * Writes a live answer: its finished blocks as HTML, and below them, by text-lines.js, what is still being
 * written. The text to copy is stored apart.
 */

class AnswerText {
  constructor(target) {
    this.target = target;
    this.source = target.closest("[data-side]").querySelector("[data-source]").content;
    this.rest = ""; // the text that is not a finished block yet
  }

  insert({ text, blocks, mustReplace }) {
    if (mustReplace) this.clear();
    this.source.append(text);
    this.rest += text;
    if (blocks.length) this.showBlocks(blocks);
    else this.showRest(text);
  }

  /** Where the rest stands: one place, however deep an extension of the browser has put it. */
  get rawPlaces() {
    return this.target.querySelectorAll("[data-raw]");
  }

  clear() {
    this.target.style.minHeight = `${this.target.offsetHeight}px`; // what stands below does not move
    this.target.replaceChildren();
    this.source.replaceChildren();
    this.rest = "";
  }

  /** No size is set here: where one changes around what is read, browsers do not keep that in its place. */
  showBlocks(blocks) {
    for (const place of this.rawPlaces) place.remove();
    for (const { units, html } of blocks) {
      if (units === "all") replaceAll(this.target, html);
      else this.target.insertAdjacentHTML("beforeend", html); // sanitised by the server
      this.rest = units === "all" ? "" : this.rest.slice(units);
    }
    this.showRest(this.rest);
  }

  /** A new place for the rest after each block: where it stands is no shift of what stood there before. */
  showRest(text) {
    let place = [...this.rawPlaces].at(-1);
    if (!place) {
      if (!this.rest.trim()) return;
      place = document.createElement("div");
      place.dataset.raw = "";
      this.target.append(place);
      this.passOn(place, this.rest.replace(/^\s*\n/, ""));
    } else this.passOn(place, text);
  }

  passOn(place, text) {
    place.dispatchEvent(new CustomEvent("text:lines", { detail: { text }, bubbles: true }));
  }
}

/** On a phone, a reader in the middle of the text stays near the same words; side by side, nothing moves. */
function replaceAll(target, html) {
  const { top, height } = target.getBoundingClientRect();
  target.style.minHeight = "";
  target.innerHTML = html;
  const growth = target.offsetHeight - height;
  target.style.minHeight = `${height}px`; // what stands below does not move either
  const isAlone = target.offsetWidth > innerWidth / 2;
  const { id } = target.closest("[data-side]");
  const isInView = document.querySelector(`.switch [aria-current][href="#${id}"]`);
  if (isAlone && isInView && top < 0) scrollBy({ top: (growth * -top) / height, behavior: "instant" });
}

for (const target of document.querySelectorAll("[data-stream-url] [data-text]")) {
  const answer = new AnswerText(target);
  target.addEventListener("text:insert", ({ detail }) => answer.insert(detail));
}
