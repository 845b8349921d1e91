/** The foot that comes when both answers have ended: the vote is in the page already, any other is asked for.
    This script is itself fetched when the first has ended (js/reading.js), and may come after the second. */

const [AGAIN_MS, AFTER_THE_ENDS_MS] = [1_000, 600]; // the two ends are told before the vote
const announcer = document.querySelector("[data-announcer]");
let [footComes, hadFocus] = [false, false];

const areAll = (...states) =>
  [...document.querySelectorAll("[data-stream-url] [data-side]")].every(({ dataset }) =>
    states.includes(dataset.state),
  );
const isAnythingWritten = () =>
  [...document.querySelectorAll("[data-text]")].some(({ textContent }) => textContent);

function bring() {
  const foot = document.querySelector("#duel-foot[hx-get]");
  if (!foot) return;
  const mayBeLongAgo = document.querySelector("[data-stored]"); // and the vote cast since
  if (!areAll("done") || !isAnythingWritten() || mayBeLongAgo) return htmx.trigger(foot, "ask");
  expectAFoot({ target: foot });
  htmx.swap(foot, foot.querySelector("[data-coming]").innerHTML, { swapStyle: "outerHTML" });
}

/** Without the foot there is no vote: it is asked for until the line, or the server, is back. */
function askAgain({ detail: { elt, xhr } }) {
  if (elt.id !== "duel-foot") return;
  const isLost = xhr.status === 0 || xhr.status >= 500;
  if (isLost) setTimeout(bring, AGAIN_MS);
  else document.querySelector("[data-line-cut]").hidden = true;
}

function expectAFoot({ target }) {
  [footComes, hadFocus] = [target.matches("#duel-foot[hx-get]"), target.contains(document.activeElement)];
}

function welcome({ target }) {
  if (!footComes || target.id !== "duel-foot") return;
  document.querySelectorAll("[data-stream-url] .side-b").forEach(({ dataset }) => (dataset.compact = ""));
  setTimeout(
    () => announcer.append(target.querySelector("[data-vote-call]")?.textContent ?? ""),
    AFTER_THE_ENDS_MS,
  );
  if (hadFocus) target.querySelector("[name=choice]")?.focus({ preventScroll: true });
}

document.body.addEventListener("stream-end", bring);
document.body.addEventListener("htmx:afterRequest", askAgain);
document.body.addEventListener("htmx:beforeSwap", expectAFoot);
document.body.addEventListener("htmx:afterSwap", welcome);
if (areAll("done", "failed")) bring();
