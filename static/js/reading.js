/** Around the reader: the answer in view, the end that is followed, the room below a text, the foot that comes. */

const [FOOT_AGAIN_MS, AFTER_THE_ENDS_MS] = [1_000, 600]; // the two ends are told before the vote
const announcer = document.querySelector("[data-announcer]");
let [footComes, hadFocus] = [false, false];

function markTheAnswerInView(entries) {
  for (const { target, isIntersecting } of entries) {
    const link = document.querySelector(`.switch a[href="#${target.id}"]`);
    isIntersecting ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }
}

/** From one answer to the other and back is no step of the back button. */
function goTo(event) {
  const link = event.target.closest(".switch a");
  if (!link) return;
  event.preventDefault();
  location.replace(link.hash);
}

/** Stacked, a live answer keeps a screen free below its text, so as to push nothing in sight; it goes unseen. */
function giveRoomBack(card) {
  const endTop = card.querySelector("[data-end]").getBoundingClientRect().top;
  const isUnseen = endTop > innerHeight || card.getBoundingClientRect().bottom < 0;
  if (card.matches("[data-state=done], [data-state=failed]") && isUnseen) card.dataset.compact = "";
}

function watch(turn) {
  const follow = ([{ isIntersecting }]) => turn.toggleAttribute("data-at-end", isIntersecting);
  new IntersectionObserver(follow).observe(turn.querySelector("[data-turn-end]"));
  const room = new IntersectionObserver((entries) => entries.forEach(({ target }) => giveRoomBack(target.closest("[data-side]"))));
  turn.querySelectorAll("[data-side], [data-end]").forEach((part) => room.observe(part));
}

/** Without the foot there is no vote: it is asked for until the line, or the server, is back. */
function askAgain({ detail: { elt, xhr } }) {
  if (elt.id !== "duel-foot") return;
  const isLost = xhr.status === 0 || xhr.status >= 500;
  if (isLost) setTimeout(() => document.body.dispatchEvent(new Event("stream-end")), FOOT_AGAIN_MS);
  else document.querySelector("[data-line-cut]").hidden = true;
}

const awaitTheFoot = ({ target }) =>
  ([footComes, hadFocus] = [target.matches("#duel-foot[hx-get]"), target.contains(document.activeElement)]);
function welcomeTheFoot({ target }) {
  if (!footComes || target.id !== "duel-foot") return;
  document.head.append(document.querySelector("[data-after]").content); // what only the vote and the reveal need
  document.querySelectorAll("[data-stream-url] .side-b").forEach(({ dataset }) => (dataset.compact = ""));
  setTimeout(() => announcer.append(target.querySelector("[data-vote-call]")?.textContent ?? ""), AFTER_THE_ENDS_MS);
  if (hadFocus) target.querySelector("[name=choice]")?.focus({ preventScroll: true });
}

const inView = new IntersectionObserver(markTheAnswerInView, { rootMargin: "-50% 0px" });
document.querySelectorAll(".answer").forEach((card) => inView.observe(card));
document.querySelectorAll("[data-stream-url]").forEach(watch);
document.addEventListener("click", goTo);
document.body.addEventListener("htmx:afterRequest", askAgain);
document.body.addEventListener("htmx:beforeSwap", awaitTheFoot);
document.body.addEventListener("htmx:afterSwap", welcomeTheFoot);
