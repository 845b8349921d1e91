/** Counts down from the seconds that the server gave: the clock of this device may be wrong. */

const TICK_MS = 250;
const room = document.getElementById("live");
const endings = new Map(); // by timer: when it ends, on this page's own clock

function label(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function show() {
  for (const timer of room.querySelectorAll("[data-timer-of]")) {
    const { timerOf, seconds } = timer.dataset;
    if (!endings.has(timerOf)) endings.set(timerOf, performance.now() + 1000 * Number(seconds));
    const left = Math.max(0, Math.ceil((endings.get(timerOf) - performance.now()) / 1000));
    timer.textContent = label(left);
    timer.classList.toggle("timer-over", left === 0);
  }
}

show();
setInterval(show, TICK_MS);
