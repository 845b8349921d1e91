/** Around the answers: copying them, moving the focus to what was revealed, saying that a request failed. */

const COPIED_SHOWN_MS = 2000;

/** Browsers give no clipboard to pages served without https, as in a classroom: the old command still works there. */
async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
  field.select();
  document.execCommand("copy");
  field.remove();
}

function textFor(button) {
  const block = button.closest(".code-block");
  if (block) return block.querySelector("pre").textContent;
  return button.closest("[data-side]").querySelector("[data-source]").content.textContent;
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  const label = button?.querySelector("[data-copy-label]");
  if (!label || label.dataset.before) return;
  await toClipboard(textFor(button));
  label.dataset.before = label.textContent;
  label.textContent = button.dataset.copied;
  document.querySelector("[data-announcer]").append(button.dataset.copied, document.createElement("br"));
  setTimeout(() => {
    label.textContent = label.dataset.before;
    delete label.dataset.before;
  }, COPIED_SHOWN_MS);
}

function offerToCopyCode(root) {
  const template = document.querySelector("[data-code-copy]");
  for (const pre of root.querySelectorAll(".prose pre")) {
    const block = Object.assign(document.createElement("div"), { className: "code-block" });
    pre.replaceWith(block);
    block.append(template.content.cloneNode(true), pre);
  }
}

/** A whole page in place of a part is an error page: keep what is on screen and say it. */
function refuseWholePages(event) {
  const refused = /^\s*<(!doctype|html)/i.test(event.detail.serverResponse);
  if (refused) event.detail.shouldSwap = false;
  document.querySelector("[data-refused]").hidden = !refused;
}

offerToCopyCode(document);
document.addEventListener("click", copy);
document.addEventListener("answer:done", (event) => offerToCopyCode(event.target));
document.body.addEventListener("htmx:beforeSwap", refuseWholePages);
document.body.addEventListener(
  "htmx:sendError",
  () => (document.querySelector("[data-line-cut]").hidden = false),
);
addEventListener("online", () => (document.querySelector("[data-line-cut]").hidden = true));
document.body.addEventListener("htmx:afterSettle", (event) =>
  event.target.querySelector("[data-focus]")?.focus({ preventScroll: true }),
);
