/** What every duel's page does: which answer is in view, where the focus goes, whether a request failed. */

const connectionLost = document.querySelector("[data-connection-lost]");
const requestFailed = document.querySelector("[data-request-failed]");

function markAnswerInView(entries) {
  for (const { target, isIntersecting } of entries) {
    const link = document.querySelector(`.switch a[href="#${target.id}"]`);
    if (isIntersecting) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Going from one answer to the other leaves no step in the browser's history. */
function showOtherAnswer(event) {
  const link = event.target.closest(".switch a");
  if (!link) return;
  event.preventDefault();
  location.replace(link.hash);
}

/**
 * On a phone, a live answer keeps a screen free below its text, so as to push nothing in sight.
 * That room goes once the answer has ended and nobody sees it.
 */
function compactIfUnseen(card) {
  const hasEnded = card.matches("[data-state=done], [data-state=failed]");
  const endTop = card.querySelector("[data-answer-end]").getBoundingClientRect().top;
  const isUnseen = endTop > innerHeight || card.getBoundingClientRect().bottom < 0;
  if (hasEnded && isUnseen) card.dataset.compact = "";
}

function watchLiveTurn(turn) {
  const atEnd = new IntersectionObserver(([{ isIntersecting }]) => {
    turn.toggleAttribute("data-at-end", isIntersecting);
  });
  atEnd.observe(turn.querySelector("[data-turn-end]"));
  const room = new IntersectionObserver((entries) => {
    for (const { target } of entries) compactIfUnseen(target.closest("[data-side]"));
  });
  for (const part of turn.querySelectorAll("[data-side], [data-answer-end]")) room.observe(part);
}

/** Fetches the files of the vote and the reveal when the first answer ends: the vote then waits for none. */
function loadLateAssets() {
  document.head.append(document.querySelector("[data-late-assets]").content);
}

/** A whole page in place of a part is an error page: what is on screen stays, and a message says so. */
function refuseWholePages({ detail }) {
  const isWholePage = /^\s*<(!doctype|html)/i.test(detail.serverResponse);
  if (isWholePage) detail.shouldSwap = false;
  requestFailed.hidden = !isWholePage;
}

function focusOnSwapped({ target }) {
  target.querySelector("[data-focus]")?.focus({ preventScroll: true });
}

/** A page that the back button brings from the browser's cache may be older than the vote cast on it. */
function reloadIfStale() {
  const [navigation] = performance.getEntriesByType("navigation");
  const asksForVote = document.querySelector(".vote [name=choice]");
  if (navigation.type === "back_forward" && asksForVote) location.reload();
}

function showConnectionLost() {
  connectionLost.hidden = false;
}

function hideConnectionLost() {
  connectionLost.hidden = true;
}

/** A fold whose address is asked for opens. */
function openFold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && target.closest("details");
  if (!fold || fold.open) return;
  fold.open = true;
  target.scrollIntoView();
}

function watchAnswers() {
  for (const card of document.querySelectorAll(".answer")) answersInView.observe(card);
}

const answersInView = new IntersectionObserver(markAnswerInView, { rootMargin: "-50% 0px" });
watchAnswers();
openFold();
for (const turn of document.querySelectorAll("[data-stream-url]")) watchLiveTurn(turn);
document.addEventListener("click", showOtherAnswer);
document.body.addEventListener("answer:done", loadLateAssets);
document.body.addEventListener("answer:failed", loadLateAssets);
document.body.addEventListener("stream-end", loadLateAssets);
document.body.addEventListener("htmx:beforeSwap", refuseWholePages);
document.body.addEventListener("htmx:afterSettle", focusOnSwapped);
document.body.addEventListener("htmx:sendError", showConnectionLost);
document.body.addEventListener("htmx:afterSwap", watchAnswers);
addEventListener("hashchange", openFold);
addEventListener("online", hideConnectionLost);
reloadIfStale();
