/** The lens of the lesson on tokens, on the projector: cuts what is typed by the first vocabularies. */

const SHOWN_VOCABULARIES = 3;
const page = document.getElementById("live");

function post(url, body) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token } });
}

async function cut(form) {
  const result = form.querySelector("[data-lens-result]");
  if (!result.children.length) result.textContent = form.dataset.loading;
  try {
    const response = await post(form.action, new FormData(form));
    const lesson = new DOMParser().parseFromString(await response.text(), "text/html");
    const cuts = [...lesson.querySelectorAll(".cut")].filter((item) => item.querySelector(".pieces"));
    result.replaceChildren(...cuts.slice(0, SHOWN_VOCABULARIES));
  } catch {
    result.textContent = "…";
  }
}

function cutFirst() {
  const form = page.querySelector("[data-lens]:not([data-begun])");
  if (!form) return;
  form.dataset.begun = "";
  cut(form);
}

// The vocabularies take seconds to load, the first time: long before the slide that shows them.
if (page.dataset.lensUrl) post(page.dataset.lensUrl, new URLSearchParams({ text: "…" })).catch(() => null);
cutFirst();
page.addEventListener("live:applied", cutFirst);
page.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-lens]")) return;
  event.preventDefault();
  cut(event.target);
});
