/** Long answers follow their end while they are written, then scroll by themselves; ↑ and ↓ take over. */

const STEP_MS = 40;
const PIXELS_PER_STEP = 1;
const REST_MS = 6_000; // at the top and at the bottom
const KEY_PIXELS = 160;
const FRAME_MS = 1_100; // of the drawings of networks, token by token
const wall = document.getElementById("live");
const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let restUntil = 0;
let isManual = false;
let isResting = false;

const boxes = () => [...wall.querySelectorAll("[data-scroll]")];

function step() {
  if (isManual || isCalm || performance.now() < restUntil || wall.querySelector("[data-answers-url]")) return;
  const long = boxes().filter((box) => box.scrollHeight > box.clientHeight + 1);
  const moving = long.filter((box) => box.scrollTop + box.clientHeight < box.scrollHeight - 1);
  for (const box of moving) box.scrollTop += PIXELS_PER_STEP;
  if (moving.length) return;
  const isAtEnd = long.some((box) => box.scrollTop > 0);
  if (isAtEnd && !isResting) restUntil = performance.now() + REST_MS;
  else if (isAtEnd) for (const box of long) box.scrollTop = 0;
  isResting = isAtEnd && !isResting;
  if (!isResting) restUntil = performance.now() + REST_MS;
}

function onKey(event) {
  const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!direction || event.target.matches("input, textarea, select")) return;
  isManual = true;
  for (const box of boxes()) box.scrollBy({ top: direction * KEY_PIXELS });
  event.preventDefault();
}

function nextFrame() {
  if (isCalm || document.hidden) return;
  for (const figure of wall.querySelectorAll("[data-frames]")) {
    const frames = [...figure.children];
    const now = frames.findIndex((frame) => !frame.hasAttribute("hidden"));
    frames.forEach((frame, rank) => frame.toggleAttribute("hidden", rank !== (now + 1) % frames.length));
  }
}

wall.addEventListener("text:grown", ({ target }) => {
  target.scrollTop = target.scrollHeight;
});
wall.addEventListener("live:applied", () => {
  isManual = false;
  restUntil = performance.now() + REST_MS;
});
document.addEventListener("keydown", onKey);
setInterval(step, STEP_MS);
setInterval(nextFrame, FRAME_MS);
