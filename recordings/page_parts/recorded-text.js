/** Texts of a recorded duel, cut at any moment of its recording, and the votes that its forms take. */

const last = (list) => list[list.length - 1];

/** One text that can be cut at any moment of its recording. */
class RecordedText {
  constructor(card) {
    this.card = card;
    this.prose = card.querySelector("[data-prose]");
    this.points = [[0, 0], ...JSON.parse(card.dataset.pace)];
    this.parts = [];
    this.length = 0;
    const walker = document.createTreeWalker(this.prose, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      this.parts.push({ node, text: node.data, from: this.length });
      this.length += node.data?.length ?? 0;
    }
  }

  get endMs() {
    return last(this.points)[0];
  }

  /** The share of the text that had come by then, as a straight line between two points. */
  shareAt(ms) {
    const next = this.points.findIndex(([at]) => at > ms);
    if (next < 0) return 1;
    const [[fromMs, from], [toMs, to]] = [this.points[next - 1], this.points[next]];
    return (from + ((to - from) * (ms - fromMs)) / (toMs - fromMs)) / last(this.points)[1];
  }

  show(ms) {
    const count = Math.floor(this.length * this.shareAt(ms));
    const whole = ms >= this.endMs;
    for (const { node, text, from } of this.parts) {
      if (text === undefined) node.classList.toggle("not-yet", !whole && from >= count);
      else node.data = whole ? text : text.slice(0, Math.max(0, count - from));
    }
    this.card.dataset.state = whole ? "done" : "streaming";
    this.prose.setAttribute("aria-busy", String(!whole));
  }
}

/** The votes of a form: the choice of one person, or the hands that were counted. */
function countVotes(form) {
  const counts = {};
  for (const field of form.querySelectorAll("[data-hands]")) {
    counts[field.dataset.hands] = Math.max(0, Number.parseInt(field.value, 10) || 0);
  }
  const chosen = form.querySelector("[type=radio]:checked");
  if (chosen && Object.values(counts).every((count) => count === 0)) counts[chosen.value] = 1;
  return Object.values(counts).some((count) => count > 0) ? counts : null;
}
