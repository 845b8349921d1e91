/** Says on top what the facts lack as they are typed; without this script, what the facts as saved lack. */
const PAUSE_MS = 300;

function followForm(box) {
  const form = box.closest("form");
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  let shown = typed();
  let timer;

  async function refresh() {
    const asked = typed();
    if (asked === shown) return;
    shown = asked;
    const response = await fetch(box.dataset.missingUrl, { method: "POST", body: new FormData(form) });
    if (!response.ok || asked !== shown) return;
    const html = await response.text();
    if (html !== box.innerHTML) box.innerHTML = html;
  }

  // Clicks too: a day picked in the calendar and a row that is taken away are no input.
  for (const kind of ["input", "change", "click"]) {
    document.addEventListener(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, PAUSE_MS);
    });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-missing-url]").forEach(followForm);
});
