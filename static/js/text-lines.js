/**
 * Writes text that is still coming, one block per line: the browser lays out the last line only, without the
 * marks of Markdown, which would flash. Anything in the page may be replaced at any time, by a browser that
 * translates it: no node is reused from one insertion to the next.
 */

const FENCE = /^ *(`{3,}|~{3,})/;
const BEGUN_FENCE = /^ *(`{1,2}|~{1,2})$/;
const HEADING = /^ {0,3}#{1,6}(\s|$)/;
const MARKS_ALONE = /^([\s|:*_=+>#-]*|\s*(\\[[\]]?|\${1,2})\s*)$/; // or the first of them
const openLines = new WeakMap(); // of each [data-raw], its last line: as it came, as shown, whether code

function showMarkdown({ target, detail: { text } }) {
  const open = openLines.get(target) ?? { line: "", shown: "", isCode: false };
  openLines.set(target, open);
  const lines = (open.line + text).split("\n");
  for (const [place, line] of lines.entries()) {
    if (place > 0 || !target.lastElementChild) {
      target.append(lineBlock(""));
      open.shown = "";
    }
    const isLast = place === lines.length - 1;
    const isFence = FENCE.test(line) || (isLast && BEGUN_FENCE.test(line));
    showLine(target.lastElementChild, line, { open, isFence });
    if (isFence && !isLast) open.isCode = !open.isCode;
  }
  open.line = lines.at(-1);
}

function showLine(block, line, { open, isFence }) {
  const text = open.isCode ? line : withoutMarks(line);
  const shown = isFence ? "" : text;
  if (shown.startsWith(open.shown)) appendText(block, shown.slice(open.shown.length));
  else block.textContent = shown;
  open.shown = shown;
  block.classList.toggle("raw-fence", isFence);
  block.classList.toggle("raw-code", open.isCode);
  block.classList.toggle("raw-heading", !open.isCode && HEADING.test(line));
}

/** A line of Markdown as it will read: no marks of headings, quotes, emphasis, code, links and tables. */
function withoutMarks(line) {
  if (MARKS_ALONE.test(line)) return "";
  return (/^\s*\|/.test(line) ? withoutBars(line) : line)
    .replace(/^ {0,3}(#{1,6}\s+|>\s?)+/, "")
    .replace(/^(\s{0,40})[-*+]\s+(\[[ xX]\]\s)?/, "$1• ")
    .replace(/!?\[([^[\]]{1,200})\](\([^()\s]{0,500}\)?)/g, "$1")
    .replace(/\*\*|__|~~|`/g, "")
    .replace(/(^|[\s(«"’])[*_](?=\S|$)/g, "$1")
    .replace(/(\S)[*_](?=[\s.,;:!?)»]|$)/g, "$1");
}

function withoutBars(row) {
  const cells = row.split("|").map((cell) => cell.trim());
  return cells.filter(Boolean).join("\u2003");
}

function appendText(line, text) {
  if (line.lastChild?.nodeType === Node.TEXT_NODE) line.lastChild.appendData(text);
  else line.append(text);
}

function lineBlock(text) {
  const block = document.createElement("div");
  block.append(text);
  return block;
}

for (const place of document.querySelectorAll("[data-stream-url] [data-text]")) {
  place.addEventListener("text:lines", showMarkdown);
}
