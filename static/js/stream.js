/** The stream of a live turn, handed to the cards as `answer:…` events; a dropped line is taken up again. */

const EVENTS = ["start", "reasoning", "chunk", "cut", "done", "failed"];
const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [1_000, 30_000];
const ERRORS_BEFORE_SAYING_SO = 4;
const cut = document.querySelector("[data-line-cut]");
const isLive = (card) => !["done", "failed"].includes(card.dataset.state);

function handOver(source, card) {
  for (const name of EVENTS)
    source.addEventListener(`${card.dataset.side}-${name}`, ({ data, lastEventId }) => {
      if (lastEventId.startsWith("0-")) card.dataset.stored = ""; // told from the database
      const isSaidAgain = card.dataset.state === "done"; // a new line begins at the beginning
      if (!isSaidAgain)
        card.dispatchEvent(new CustomEvent(`answer:${name}`, { detail: data, bubbles: true }));
    });
}

function follow(turn) {
  const cards = [...turn.querySelectorAll("[data-side]")].filter(isLive);
  let [source, timer, errors, isOver] = [null, null, 0, false];

  function connect() {
    hangUp();
    if (isOver) return document.body.dispatchEvent(new Event("stream-end"));
    source = new EventSource(turn.dataset.streamUrl);
    for (const card of cards) handOver(source, card);
    source.onopen = () => count(0);
    source.onerror = takeUpAgain;
    source.addEventListener("end", () => {
      isOver = true;
      connect();
    });
  }

  function takeUpAgain() {
    count(errors + 1);
    // While CONNECTING the browser tries again by itself, from the last id it saw.
    if (source.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(connect, Math.min(FIRST_DELAY_MS * 2 ** (errors - 1), LONGEST_DELAY_MS));
  }

  function count(newErrors) {
    errors = newErrors;
    cut.hidden = errors < ERRORS_BEFORE_SAYING_SO && navigator.onLine;
  }

  function hangUp() {
    clearTimeout(timer);
    source?.close();
  }

  connect();
  addEventListener("online", connect);
  addEventListener("offline", () => (cut.hidden = isOver));
  addEventListener("pagehide", hangUp); // a page with an open line would not be kept for the back button
  addEventListener("pageshow", ({ persisted }) => persisted && connect());
}

document.querySelectorAll("[data-stream-url]").forEach(follow);
