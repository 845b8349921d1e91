/** Around sharing: the link copied, handed to the telephone where it takes it, the sheet printed. */

const COPIED_SHOWN_MS = 2000;

async function copyLink(button) {
  const field = document.getElementById("share-link");
  field.select();
  // Browsers give no clipboard to pages served without https, as in a classroom: the old command still works there.
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  const words = button.querySelector("span");
  button.dataset.label ??= words.textContent;
  words.textContent = button.dataset.copied;
  button.closest("form").querySelector("[role=status]").textContent = button.dataset.copied;
  setTimeout(() => (words.textContent = button.dataset.label), COPIED_SHOWN_MS);
}

async function send() {
  const url = document.getElementById("share-link").value;
  try {
    await navigator.share({ url });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // who closes the telephone's own menu has not failed
  }
}

const VERBS = { "[data-copy-link]": copyLink, "[data-send]": send, "[data-print]": () => window.print() };

function act(event) {
  for (const [selector, verb] of Object.entries(VERBS)) {
    const button = event.target.closest(selector);
    if (button) verb(button);
  }
}

function offerToSend() {
  document.querySelectorAll("[data-send]").forEach((button) => (button.hidden = !navigator.share));
}

offerToSend();
document.addEventListener("click", act);
document.body.addEventListener("htmx:afterSettle", offerToSend);
