/** Says what becomes of a request that htmx makes: that it takes long, that it has failed. */

const LONG_MS = 600;
const pending = document.querySelector("[data-request-pending]");
const failed = document.querySelector("[data-request-failed]");
let timer;

function begin() {
  clearTimeout(timer);
  timer = setTimeout(showPending, LONG_MS);
  failed.hidden = true;
}

function showPending() {
  pending.textContent = pending.dataset.requestPending;
}

function end() {
  clearTimeout(timer);
  pending.textContent = "";
}

function showFailed() {
  failed.hidden = false;
}

document.body.addEventListener("htmx:beforeRequest", begin);
document.body.addEventListener("htmx:afterRequest", end);
document.body.addEventListener("htmx:responseError", showFailed);
document.body.addEventListener("htmx:sendError", showFailed);
