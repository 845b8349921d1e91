/** Takes texts out of the page: copies an answer, its code or a link, shares the link, prints the page. */

const COPIED_SHOWN_MS = 2000;

/** Without https, as in a classroom, browsers give no clipboard: the old command still works there. */
async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function textFor(button) {
  if (button.matches("[data-copy-link]")) return shareLink().value;
  const block = button.closest(".code-block");
  if (block) return block.querySelector("pre").textContent;
  return button.closest("[data-side]").querySelector("[data-source]").content.textContent;
}

function shareLink() {
  return document.getElementById("share-link");
}

async function copy(button) {
  const label = button.querySelector("[data-copy-label]");
  if (label.dataset.before) return;
  await toClipboard(textFor(button));
  if (button.matches("[data-copy-link]")) shareLink().select();
  label.dataset.before = label.textContent;
  label.textContent = button.dataset.copied;
  document.querySelector("[data-announcer]").append(button.dataset.copied, document.createElement("br"));
  setTimeout(() => restoreLabel(label), COPIED_SHOWN_MS);
}

function restoreLabel(label) {
  label.textContent = label.dataset.before;
  delete label.dataset.before;
}

/** Each block of code in a finished answer has its own button. */
function addCodeButtons(root) {
  const template = document.querySelector("[data-code-copy]");
  if (!template) return;
  for (const pre of root.querySelectorAll(".prose pre")) {
    const block = document.createElement("div");
    block.className = "code-block";
    pre.translate = false; // a translated program no longer runs
    pre.replaceWith(block);
    block.append(template.content.cloneNode(true), pre);
  }
}

async function share() {
  try {
    await navigator.share({ text: shareLink().dataset.text, url: shareLink().value });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // closing the device's own menu is no failure
  }
}

function showShareButtons() {
  for (const button of document.querySelectorAll("[data-native-share]")) button.hidden = !navigator.share;
}

/** The link was made by a tap on « Partager »: on a phone, its own sheet follows at once. */
function shareFirst({ detail }) {
  const button = detail.requestConfig?.triggeringEvent?.submitter;
  const isPhone = matchMedia("(pointer: coarse)").matches;
  if (button?.matches("[data-share-first]") && isPhone && navigator.share && shareLink()) share();
}

function onClick({ target }) {
  const button = target.closest("[data-copy], [data-copy-link], [data-native-share], [data-print]");
  if (!button) return;
  if (button.matches("[data-native-share]")) share();
  else if (button.matches("[data-print]")) print();
  else copy(button);
}

addCodeButtons(document);
showShareButtons();
document.addEventListener("click", onClick);
document.addEventListener("answer:done", ({ target }) => addCodeButtons(target));
document.body.addEventListener("htmx:afterSettle", showShareButtons);
document.body.addEventListener("htmx:afterSettle", shareFirst);
document.body.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "duel-parts") addCodeButtons(target);
});
