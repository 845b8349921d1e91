/** What an answer's card does with the events of its stream: text as it comes, then the finished HTML in its place. */
const INSERTION_MS = 120; // each insertion makes the browser set and paint both texts again: not for every chunk
const pending = new Map();
let lastInsertion = 0;
const find = (name, root = document) => root.querySelector(`[data-${name}]`);

function enter(card, state) {
  if (card.dataset.state === state) return;
  card.dataset.state = state;
  find("state-label", card).textContent = card.dataset[`${state}Label`];
  find("announcer").append(card.dataset[`${state}Sentence`], document.createElement("br"));
}

/** Put the finished HTML in; who reads in the middle of the text stays near the same words. */
function finish(text, html) {
  const { top, bottom, height } = text.getBoundingClientRect();
  text.style.minHeight = "";
  text.innerHTML = html;
  delete text.dataset.raw;
  const growth = text.offsetHeight - height;
  text.style.minHeight = `${height}px`;
  if (top < 0 && bottom > 0) scrollBy({ top: (growth * -top) / height, behavior: "instant" });
}

function flush() {
  lastInsertion = performance.now();
  pending.forEach((html, target) => target.insertAdjacentHTML("beforeend", html));
  pending.clear();
}

function append(target, html) {
  if (!pending.size) setTimeout(flush, lastInsertion + INSERTION_MS - performance.now());
  pending.set(target, (pending.get(target) ?? "") + html);
}

function listen(card) {
  const [text, thoughts, failure] = ["text", "reasoning", "failure"].map((name) => find(name, card));
  const on = (name, act) => card.addEventListener(`answer:${name}`, (event) => act(event.detail));
  on("start", () => {
    [text, thoughts].forEach((part) => pending.delete(part));
    text.style.minHeight = `${text.offsetHeight}px`; // a replay refills the text without a jump
    [text, thoughts, failure].forEach((part) => part.replaceChildren());
    enter(card, "streaming");
  });
  on("reasoning", (html) => append(thoughts, html));
  on("chunk", (html) => append(text, html));
  on("done", (html) => {
    flush();
    find("source", card).content.replaceChildren(text.textContent);
    finish(text, html);
    enter(card, "done");
  });
  on("failed", (html) => {
    flush();
    failure.innerHTML = html;
    enter(card, "failed");
  });
}

document.querySelectorAll("[data-stream-url] [data-side]").forEach(listen);
