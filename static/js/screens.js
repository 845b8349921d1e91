/** « Suivez votre question »: arrows turn the screens, the list says which one is open, a button prints. */

const links = [...document.querySelectorAll("[data-screens] a")];

function openKey() {
  return links.some((link) => link.hash === location.hash) ? location.hash : links[0]?.hash;
}

function markOpen() {
  for (const link of links) {
    if (link.hash === openKey()) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
}

function onKey(event) {
  const isTyping = event.target.matches("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  const step = { ArrowRight: "[data-following]", ArrowLeft: "[data-previous]" }[event.key];
  if (step) document.querySelector(`${openKey()} ${step}`)?.click();
}

markOpen();
addEventListener("hashchange", markOpen);
document.addEventListener("keydown", onKey);
document.querySelector("[data-print]")?.addEventListener("click", () => print());
