/** Shows the facts that the chosen architecture needs; without this script, all of them are there. */
const MIXTURE = "mixture_of_experts";
const UNDISCLOSED = "undisclosed";

/** Whether each fact is needed, with this architecture and where its maker publishes the size or not. */
const NEEDED = {
  total_params_b: (_architecture, disclosed) => disclosed,
  active_params_b: (architecture, disclosed) => disclosed && architecture === MIXTURE,
  effective_params_b: (architecture, disclosed) => disclosed && architecture === "matformer",
  experts_total: (architecture) => architecture === MIXTURE,
  experts_active: (architecture) => architecture === MIXTURE,
  hypothesis_low_b: (_architecture, disclosed) => !disclosed,
  hypothesis_high_b: (_architecture, disclosed) => !disclosed,
  hypothesis_active_low_b: (architecture, disclosed) => !disclosed && architecture !== "dense",
  hypothesis_active_high_b: (architecture, disclosed) => !disclosed && architecture !== "dense",
  hypothesis_why_fr: (_architecture, disclosed) => !disclosed,
  hypothesis_why_en: (_architecture, disclosed) => !disclosed,
};

/** What holds a field with its label and its help: a cell of a row of several, or the row. */
const boxOf = (field) => field.closest(".fieldBox")?.parentElement ?? field.closest(".form-row");

/** Hides the empty fields that are not needed: what is filled in stays in sight, to be corrected. */
function show(form) {
  const architecture = form.elements.architecture.value;
  const disclosed = form.elements.disclosed.checked;
  for (const [name, isNeeded] of Object.entries(NEEDED)) {
    const field = form.elements[name];
    if (field) boxOf(field).hidden = !isNeeded(architecture, disclosed) && field.value === "";
  }
  for (const row of form.querySelectorAll(".form-row:has(.form-multiline)")) {
    row.hidden = !row.querySelector(".form-multiline > :not([hidden])");
  }
  for (const group of form.querySelectorAll("fieldset")) {
    const rows = [...group.querySelectorAll(".form-row")];
    group.hidden = rows.length > 0 && rows.every((row) => row.hidden);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("languagemodel_form");
  if (!form?.elements.architecture) return;
  form.elements.architecture.addEventListener("change", (event) => {
    if (event.target.value === UNDISCLOSED) form.elements.disclosed.checked = false;
  });
  form.addEventListener("change", () => show(form));
  show(form);
});
