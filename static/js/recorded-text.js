/**
 * Cuts the text of a recorded answer at any moment of its recording: recorded:show tells a card the moment.
 * data-pace holds the points [milliseconds, characters]; the text is in its [data-text], or is all of it.
 */

const recordedTexts = new WeakMap();

class RecordedText {
  constructor(card) {
    this.card = card;
    this.place = card.querySelector("[data-text]") ?? card;
    this.points = [[0, 0], ...JSON.parse(card.dataset.pace)];
    this.parts = [];
    this.length = 0;
    const walker = document.createTreeWalker(this.place, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      this.parts.push({ node, text: node.data, from: this.length });
      this.length += node.data?.length ?? 0;
    }
  }

  /** The share of the text that had come by then, as a straight line between two points. */
  shareAt(ms) {
    const next = this.points.findIndex(([at]) => at > ms);
    if (next < 0) return 1;
    const [[fromMs, from], [toMs, to]] = [this.points[next - 1], this.points[next]];
    return (from + ((to - from) * (ms - fromMs)) / (toMs - fromMs)) / this.points.at(-1)[1];
  }

  show(ms) {
    const isWhole = ms >= this.points.at(-1)[0];
    const count = Math.floor(this.length * this.shareAt(ms));
    for (const { node, text, from } of this.parts) {
      if (text === undefined) node.classList.toggle("not-yet", !isWhole && from >= count);
      else node.data = isWhole ? text : text.slice(0, Math.max(0, count - from));
    }
    this.card.dataset.state = isWhole ? "done" : "streaming";
    this.place.setAttribute("aria-busy", String(!isWhole));
    this.place.dispatchEvent(new Event("text:grown", { bubbles: true }));
  }
}

function showAt({ target: card, detail: { ms } }) {
  if (!recordedTexts.has(card)) recordedTexts.set(card, new RecordedText(card));
  recordedTexts.get(card).show(ms);
}

document.addEventListener("recorded:show", showAt);
