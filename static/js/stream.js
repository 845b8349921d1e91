/** The stream of a live turn, handed to the cards as `answer:…` events; a dropped line is taken up again. */

const EVENTS = ["start", "reasoning", "chunk", "done", "failed"];
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const ERRORS_BEFORE_SAYING_SO = 4;

const isLive = (card) => !["done", "failed"].includes(card.dataset.state);
const askForTheFoot = () => document.body.dispatchEvent(new Event("stream-end"));

function handOver(source, card) {
  for (const name of EVENTS)
    source.addEventListener(`${card.dataset.side}-${name}`, ({ data }) =>
      card.dispatchEvent(new CustomEvent(`answer:${name}`, { detail: data, bubbles: true })));
}

function follow(turn) {
  const cards = [...turn.querySelectorAll("[data-side]")].filter(isLive);
  let errors = 0;

  function count(newErrors) {
    errors = newErrors;
    document.querySelector("[data-line-cut]").hidden = errors < ERRORS_BEFORE_SAYING_SO;
  }

  function connect() {
    const source = new EventSource(turn.dataset.streamUrl);
    for (const card of cards) handOver(source, card);
    source.addEventListener("open", () => count(0));
    source.addEventListener("end", () => {
      source.close();
      askForTheFoot();
    });
    source.addEventListener("error", () => {
      count(errors + 1);
      // While CONNECTING the browser tries again by itself, from the last id it saw.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, Math.min(FIRST_DELAY_MS * 2 ** (errors - 1), LONGEST_DELAY_MS));
    });
  }
  connect();
}

/** What ends from now on ends because the reader asked. */
function nameTheEnd(event) {
  if (!event.target.matches("[data-stop]")) return;
  document.querySelectorAll("[data-stopped-label]").forEach(({ dataset }) => (dataset.doneLabel = dataset.stoppedLabel));
}

/** Without the foot there is no vote: it is asked for until the line, or the server, is back. */
function askAgain({ detail: { elt, xhr } }) {
  if (elt.id !== "duel-foot") return;
  if (xhr.status === 0 || xhr.status >= 500) setTimeout(askForTheFoot, FIRST_DELAY_MS);
  else document.querySelector("[data-line-cut]").hidden = true;
}

document.querySelectorAll("[data-stream-url]").forEach(follow);
document.body.addEventListener("htmx:afterRequest", askAgain);
document.body.addEventListener("htmx:beforeRequest", nameTheEnd);
