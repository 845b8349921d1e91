/** What an answer's card does with the events of its stream: text as it comes, then the finished HTML in its place. */

const find = (name, root = document) => root.querySelector(`[data-${name}]`);

function enter(card, state) {
  if (card.dataset.state === state) return;
  card.dataset.state = state;
  find("state-label", card).textContent = card.dataset[`${state}Label`];
  const sentence = Object.assign(document.createElement("p"), { textContent: card.dataset[`${state}Sentence`] });
  find("announcer").append(sentence);
}

/** Who reads in the middle of the text stays at the same words, and the card never shrinks. */
function replaceInPlace(text, change) {
  const before = text.getBoundingClientRect();
  const shareRead = before.top < 0 && before.bottom > 0 ? -before.top / before.height : 0;
  text.style.minHeight = `${before.height}px`;
  change();
  if (shareRead) scrollBy({ top: (text.offsetHeight - before.height) * shareRead, behavior: "instant" });
}

function listen(card) {
  const text = find("text", card);
  const thoughts = find("reasoning-text", card);
  const pending = new Map(); // one insertion per frame, however many chunks came

  function flush() {
    for (const [target, html] of pending) target.insertAdjacentHTML("beforeend", html);
    pending.clear();
  }
  function append(target, html) {
    if (!pending.size) requestAnimationFrame(flush);
    pending.set(target, (pending.get(target) ?? "") + html);
  }
  const on = (name, act) => card.addEventListener(`answer:${name}`, (event) => act(event.detail));

  on("start", () => {
    pending.clear();
    replaceInPlace(text, () => text.replaceChildren());
    thoughts.replaceChildren();
    find("failure", card).hidden = true;
    enter(card, "streaming");
  });
  on("reasoning", (html) => append(thoughts, html));
  on("reasoning", () => (find("reasoning", card).hidden = false));
  on("chunk", (html) => append(text, html));
  on("done", (html) => {
    flush();
    find("source", card).content.replaceChildren(text.textContent);
    replaceInPlace(text, () => (text.innerHTML = html));
    delete text.dataset.raw;
    enter(card, "done");
  });
  on("failed", (html) => {
    flush();
    Object.assign(find("failure", card), { innerHTML: html, hidden: false });
    enter(card, "failed");
  });
}

document.querySelectorAll("[data-stream-url] [data-side]").forEach(listen);
