/** Shows a new state of a view of a workshop: only the parts whose HTML has changed are replaced. */

const view = document.getElementById("live");
const shown = new Map([...view.children].map((part) => [part.id, part.outerHTML]));

/** The focus stays where it was, and so does a part that asks to stay under the same key. */
function replacePart(part) {
  const old = document.getElementById(part.id);
  const html = part.outerHTML;
  if (shown.get(part.id) === html) return;
  shown.set(part.id, html);
  if (old?.dataset.swapKey && old.dataset.swapKey === part.dataset.swapKey) {
    old.dataset.version = part.dataset.version;
    return;
  }
  const focused = old?.contains(document.activeElement) && document.activeElement.getAttribute("value");
  if (old) old.replaceWith(part);
  else view.append(part);
  if (focused) part.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
}

function versionIn(parent) {
  return Number(parent.querySelector("[data-version]")?.dataset.version ?? 0);
}

/** A stream may bring a state from before the one that a command was answered with: it is not shown. */
function apply({ html, tag }) {
  const template = document.createElement("template");
  template.innerHTML = html;
  if (versionIn(template.content) < versionIn(view)) return;
  for (const part of [...template.content.children]) replacePart(part);
  view.dataset.tag = tag;
  view.dispatchEvent(new Event("live:applied"));
}

view.addEventListener("live:html", ({ detail }) => apply(detail));
