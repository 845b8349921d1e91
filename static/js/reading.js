/** Around the reader: the answer in view, the end that is followed, the room below a text. */

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
  const room = new IntersectionObserver((entries) =>
    entries.forEach(({ target }) => giveRoomBack(target.closest("[data-side]"))),
  );
  turn.querySelectorAll("[data-side], [data-end]").forEach((part) => room.observe(part));
}

/** What only the vote and the reveal need is fetched when the first answer ends: the vote waits for nothing. */
const prepareTheVote = () => document.head.append(document.querySelector("[data-after]").content);

const inView = new IntersectionObserver(markTheAnswerInView, { rootMargin: "-50% 0px" });
document.querySelectorAll(".answer").forEach((card) => inView.observe(card));
document.querySelectorAll("[data-stream-url]").forEach(watch);
document.addEventListener("click", goTo);
for (const moment of ["answer:done", "answer:failed", "stream-end"])
  document.body.addEventListener(moment, prepareTheVote);
