/** Around sharing: the link copied or handed to the telephone, the sheet printed. Shown where they work. */

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

const DO = { "[data-copy-link]": copyLink, "[data-send]": send, "[data-print]": () => window.print() };

function show(root) {
  for (const selector of Object.keys(DO)) {
    if (selector === "[data-send]" && !navigator.share) continue;
    root.querySelectorAll(selector).forEach((button) => (button.hidden = false));
  }
}

function act(event) {
  for (const [selector, verb] of Object.entries(DO)) {
    const button = event.target.closest(selector);
    if (button) verb(button);
  }
}

show(document);
document.addEventListener("click", act);
document.body.addEventListener("htmx:afterSettle", () => show(document));
