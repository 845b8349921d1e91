/** The lens of the lesson on tokens, on the projector: cuts what is typed by the first vocabularies. */

const SHOWN_VOCABULARIES = 3;
const page = document.getElementById("live");

async function cut(form) {
  const result = form.querySelector("[data-lens-result]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const fields = new FormData(form);
  if (!result.children.length) result.textContent = form.dataset.loading;
  const headers = { "X-CSRFToken": token };
  try {
    const response = await fetch(form.action, { method: "POST", body: fields, headers });
    const lesson = new DOMParser().parseFromString(await response.text(), "text/html");
    const cuts = [...lesson.querySelectorAll(".cut")].filter((item) => item.querySelector(".pieces"));
    result.replaceChildren(...cuts.slice(0, SHOWN_VOCABULARIES));
  } catch {
    result.textContent = "…";
  }
}

/** At once: the vocabularies take seconds to load, the first time. */
function cutFirst() {
  const form = page.querySelector("[data-lens]:not([data-begun])");
  if (!form) return;
  form.dataset.begun = "";
  cut(form);
}

cutFirst();
page.addEventListener("live:applied", cutFirst);
page.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-lens]")) return;
  event.preventDefault();
  cut(event.target);
});
