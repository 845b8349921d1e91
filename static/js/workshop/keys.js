/** Drives the projector by keyboard. */

const KEYS = {
  " ": "next",
  ArrowRight: "next",
  PageDown: "next",
  ArrowLeft: "back",
  PageUp: "back",
  v: "vote",
  r: "results",
  t: "timer",
};
const list = document.querySelector("[data-key-list]");
const joinBox = document.querySelector("[data-join]");

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function onKey(event) {
  const isTyping = event.target.matches("input, textarea, select, button");
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || list.open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "f") toggleFullScreen();
  else if (key === "?") list.showModal();
  else if (key === "c") joinBox.hidden = !joinBox.hidden;
  else if (KEYS[key]) document.querySelector(`[data-key=${KEYS[key]}]`).click();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", onKey);
