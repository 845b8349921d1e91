/**
 * Receives each new state of a view of a workshop: by its stream, or by plain requests every few seconds
 * where the network cuts, mutes or holds back streams.
 */

const FIRST_SILENCE_MS = 5_000; // the server sends something at once
const SILENCE_MS = 12_000; // and a heartbeat every five seconds
const PERIOD_MS = 2_500; // of plain requests, and up to PERIOD_SPREAD_MS more
const PERIOD_SPREAD_MS = 1_000;
const RETRY_STREAM_MS = 60_000;
const TIMEOUT_MS = 8_000;
const root = document.getElementById("live");
const offline = document.querySelector("[data-offline]");
let source = null;
let silenceTimer = null;
let pollTimer = null;

function show(html, tag) {
  root.dispatchEvent(new CustomEvent("live:html", { detail: { html, tag } }));
}

function end() {
  stop();
  root.replaceChildren(root.dataset.gone);
}

function stop() {
  clearTimeout(silenceTimer);
  clearTimeout(pollTimer);
  source?.close();
  source = null;
}

function expectWithin(milliseconds) {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(followPlainly, milliseconds);
}

function followStream() {
  stop();
  source = new EventSource(`${root.dataset.streamUrl}?tag=${root.dataset.tag}`);
  source.addEventListener("heartbeat", () => {
    offline.hidden = true;
    expectWithin(SILENCE_MS);
  });
  source.addEventListener("gone", end);
  source.addEventListener("state", ({ data }) => {
    const cut = data.indexOf("\n");
    show(data.slice(cut + 1), data.slice(0, cut));
    expectWithin(SILENCE_MS);
  });
  source.onerror = followPlainly;
  expectWithin(FIRST_SILENCE_MS);
}

/** After a while the stream is tried again: a network that fell comes back. */
function followPlainly() {
  stop();
  poll(Date.now() + RETRY_STREAM_MS);
}

async function poll(until) {
  try {
    const response = await fetch(`${root.dataset.stateUrl}?tag=${root.dataset.tag}`, {
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 404) return void end();
    if (response.status === 200) show(await response.text(), response.headers.get("X-Tag"));
    offline.hidden = response.ok;
  } catch {
    offline.hidden = false;
  }
  const wait = PERIOD_MS + Math.random() * PERIOD_SPREAD_MS;
  if (!source) pollTimer = setTimeout(() => (Date.now() > until ? followStream() : poll(until)), wait);
}

followStream();
root.addEventListener("live:html", () => {
  offline.hidden = true;
});
addEventListener("online", followStream);
addEventListener("pagehide", stop);
addEventListener("pageshow", ({ persisted }) => persisted && followStream());
document.addEventListener("visibilitychange", () => document.hidden || followStream());
