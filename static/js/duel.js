/** What every duel's page does: which answer is in view, where the focus goes, whether a request failed. */

const connectionLost = document.querySelector("[data-connection-lost]");
const requestFailed = document.querySelector("[data-request-failed]");

function markAnswerInView(entries) {
  for (const { target, isIntersecting } of entries) {
    const link = document.querySelector(`.switch a[href="#${target.id}"]`);
    if (isIntersecting) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (isIntersecting) showItsEnd(target);
  }
}

/** A reader who swipes from far down a long answer to a short one sees the end of it, not what is below. */
function showItsEnd(card) {
  const below = card.closest(".turn").getBoundingClientRect().bottom - card.getBoundingClientRect().bottom;
  const { bottom } = card.getBoundingClientRect();
  if (below > 0 && bottom < innerHeight / 3) scrollBy({ top: bottom - innerHeight / 2, behavior: "instant" });
}

/** Going from one answer to the other leaves no step in the browser's history. */
function showOtherAnswer(event) {
  const link = event.target.closest(".switch a");
  if (!link) return;
  event.preventDefault();
  location.replace(link.hash);
}

/** The keys begin at the answers, not at the menu, on a page that a question has just opened. */
function beginAtAnswers() {
  const isUnused = document.activeElement === document.body;
  if (isUnused) document.getElementById("main").focus({ preventScroll: true });
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

const answersInView = new IntersectionObserver(markAnswerInView, { rootMargin: "0px -50%" });
watchAnswers();
openFold();
for (const turn of document.querySelectorAll("[data-stream-url]")) watchLiveTurn(turn);
if (document.querySelector("[data-stream-url]") && !location.hash) beginAtAnswers();
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
