/** What htmx asks for in the background is told: that it takes long, that it has failed. */

const LONG_MS = 600;
const waiting = document.querySelector("[data-waiting]");
const refused = document.querySelector("[data-refused]");
let timer;

function begin() {
  clearTimeout(timer);
  timer = setTimeout(() => (waiting.textContent = waiting.dataset.waiting), LONG_MS);
  refused.hidden = true;
}

function end() {
  clearTimeout(timer);
  waiting.textContent = "";
}

const refuse = () => (refused.hidden = false);

document.body.addEventListener("htmx:beforeRequest", begin);
document.body.addEventListener("htmx:afterRequest", end);
document.body.addEventListener("htmx:responseError", refuse);
document.body.addEventListener("htmx:sendError", refuse);
