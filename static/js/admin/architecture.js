/** Shows the facts that the chosen architecture needs; without this script, all of them are there. */
const NEEDED_BY = {
  active_params_b: ["mixture_of_experts"],
  experts_total: ["mixture_of_experts"],
  experts_active: ["mixture_of_experts"],
  effective_params_b: ["matformer"],
};
const HYPOTHESES = [
  "hypothesis_low_b",
  "hypothesis_high_b",
  "hypothesis_active_low_b",
  "hypothesis_active_high_b",
  "hypothesis_why_fr",
  "hypothesis_why_en",
];

/** Hides the empty fields that are not needed: what is filled in stays in sight, to be corrected. */
function show(form) {
  const architecture = form.elements.architecture.value;
  const disclosed = form.elements.disclosed.checked;
  const toggle = (name, needed) => {
    const field = form.elements[name];
    const box = field?.closest(".fieldBox") ?? field?.closest(".form-row");
    if (box) box.hidden = !needed && field.value === "";
  };
  for (const [name, architectures] of Object.entries(NEEDED_BY)) {
    toggle(name, !architecture || !disclosed || architectures.includes(architecture));
  }
  for (const name of HYPOTHESES) toggle(name, !disclosed);
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("languagemodel_form");
  if (!form?.elements.architecture) return;
  form.addEventListener("change", () => show(form));
  show(form);
});
