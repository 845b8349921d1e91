/** Sends commands without leaving the page; the answer is the new state of the view. */

const board = document.getElementById("live");
const notice = document.querySelector("[data-notice]");
let sentAt = null; // the version that the command under way was sent at

function say(sentence) {
  notice.textContent = sentence;
  notice.hidden = !sentence;
}

function body(form, submitter, version) {
  const fields = new FormData(form, submitter);
  if (version) fields.set("version", version);
  return fields;
}

/** A second press at one version, while the first is under way, is not sent: it would skip a phase. */
async function send(form, submitter) {
  const version = board.querySelector("[data-version]")?.dataset.version ?? "";
  if (sentAt === version) return;
  sentAt = version;
  submitter?.setAttribute("aria-disabled", "true");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: body(form, submitter, version),
      headers: { "X-Live": "1" },
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (response.ok) {
      const detail = { html: text, tag: response.headers.get("X-Tag") };
      board.dispatchEvent(new CustomEvent("live:html", { detail }));
    }
    say(response.ok ? "" : text.length < 300 ? text : response.statusText);
  } catch {
    document.querySelector("[data-offline]").hidden = false;
  } finally {
    if (sentAt === version) sentAt = null;
    submitter?.removeAttribute("aria-disabled");
  }
}

document.querySelector("[data-command-form]").addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});
