/** What every duel's page does: which answer is in view, where the focus goes, whether a request failed. */

const MOSTLY = 0.5;
const connectionLost = document.querySelector("[data-connection-lost]");
const requestFailed = document.querySelector("[data-request-failed]");
const readCards = new WeakSet();

/**
 * On a phone one answer is read and the other lies beside it: the switch says which, and the page is as long
 * as the one that is read.
 */
function followReader(entries, { root: answers }) {
  const hasLeft = entries.some(({ target, isIntersecting }) => !isIntersecting && readCards.has(target));
  for (const { target, isIntersecting, intersectionRatio } of entries) {
    target.toggleAttribute("data-aside", !isIntersecting);
    markIfRead(target, intersectionRatio >= MOSTLY);
  }
  if (hasLeft) showEnd(answers.querySelector(".answer:not([data-aside])"));
}

function markIfRead(card, isRead) {
  const link = document.querySelector(`.switch a[href="#${card.id}"]`);
  if (isRead) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  if (isRead) readCards.add(card);
}

/** A reader who comes from far down a long answer to a short one sees the end of it, not what is below. */
function showEnd(card) {
  const bottom = card?.getBoundingClientRect().bottom;
  if (bottom < innerHeight / 6) scrollBy({ top: bottom - innerHeight / 2, behavior: "instant" });
}

/** Going from one answer to the other leaves no step in the browser's history. */
function showOtherAnswer(event) {
  const link = event.target.closest(".switch a");
  if (!link) return;
  event.preventDefault();
  location.replace(link.hash);
}

function watchLiveTurn(turn) {
  const atEnd = new IntersectionObserver(([{ isIntersecting }]) => {
    turn.toggleAttribute("data-at-end", isIntersecting);
  });
  atEnd.observe(turn.querySelector("[data-turn-end]"));
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

/** Where the focus was on something that came back, htmx has put it there again. */
function focusOnSwapped({ target }) {
  const place = !target.contains(document.activeElement) && target.querySelector("[data-focus]");
  if (!place) return;
  place.focus({ preventScroll: true });
  if (place.dataset.focus) place.scrollIntoView({ block: "nearest" });
}

/** A page that the back button brings from the browser's cache may be older than the vote cast on it. */
function reloadIfStale() {
  const [navigation] = performance.getEntriesByType("navigation");
  const asksForVote = document.querySelector(".vote [name=choice]");
  if (navigation.type === "back_forward" && asksForVote) location.reload();
}

function tellConnection({ type }) {
  connectionLost.hidden = type === "online";
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
  for (const answers of document.querySelectorAll(".turn > .answers:not([data-followed])")) {
    const reader = new IntersectionObserver(followReader, { root: answers, threshold: [0, MOSTLY] });
    for (const card of answers.children) reader.observe(card);
    answers.dataset.followed = "";
  }
}

watchAnswers();
openFold();
for (const turn of document.querySelectorAll("[data-stream-url]")) watchLiveTurn(turn);
document.addEventListener("click", showOtherAnswer);
for (const end of ["answer:done", "answer:failed", "stream-end"])
  document.body.addEventListener(end, loadLateAssets);
document.body.addEventListener("htmx:beforeSwap", refuseWholePages);
document.body.addEventListener("htmx:afterSettle", focusOnSwapped);
document.body.addEventListener("htmx:sendError", tellConnection);
document.body.addEventListener("htmx:afterSwap", watchAnswers);
addEventListener("hashchange", openFold);
addEventListener("online", tellConnection);
reloadIfStale();
