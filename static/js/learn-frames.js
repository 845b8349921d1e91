/** Shows which parts of a network work for each token: one step at a time, or playing until paused. */

const STEP_MS = 1100;
const section = document.querySelector("[data-frames]");
const player = section.querySelector("[data-player]");
const playButton = player.querySelector("[data-play]");
const status = player.querySelector("[data-status]");
const tokens = [...player.querySelectorAll("[data-token]")];
const figures = [...section.querySelectorAll(".frames")].map((frames) => [...frames.children]);
const playLabel = playButton.textContent;

let current = 0;
let timer = null;

function show(place) {
  current = place % tokens.length;
  for (const frames of figures) {
    frames.forEach((frame, rank) => frame.toggleAttribute("data-current", rank === current));
  }
  tokens.forEach((token, rank) => token.toggleAttribute("data-current", rank === current));
}

function announce() {
  status.textContent = `${status.dataset.prefix} ${tokens[current].textContent}`;
}

function pause() {
  clearInterval(timer);
  timer = null;
  playButton.textContent = playLabel;
}

function play() {
  timer = setInterval(() => show(current + 1), STEP_MS);
  playButton.textContent = playButton.dataset.pauseLabel;
}

player.querySelector("[data-step]").addEventListener("click", () => {
  pause();
  show(current + 1);
  announce();
});
playButton.addEventListener("click", () => {
  if (timer) pause();
  else play();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) pause();
});

// Readers who asked for less motion step by hand.
playButton.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
player.hidden = false;
section.dataset.playing = "";
show(0);
