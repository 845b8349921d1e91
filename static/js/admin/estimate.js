/** Shows the energy of the facts as they are typed; without this script, that of the facts as saved. */
const FACTS = [
  "architecture",
  "disclosed",
  "total_params_b",
  "active_params_b",
  "effective_params_b",
  "experts_total",
  "experts_active",
  "weight_bits",
  "hypothesis_low_b",
  "hypothesis_high_b",
  "hypothesis_active_low_b",
  "hypothesis_active_high_b",
  "hypothesis_why_fr",
];
const PAUSE_MS = 250;

function watch(box) {
  const form = box.closest("form");
  let timer;
  let newestRequest = 0;

  async function refresh() {
    newestRequest += 1;
    const request = newestRequest;
    const fields = new FormData(form);
    const facts = new URLSearchParams(
      FACTS.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]),
    );
    const response = await fetch(`${box.dataset.estimateUrl}?${facts}`);
    if (response.ok && request === newestRequest) box.innerHTML = await response.text();
  }

  form.addEventListener("input", (event) => {
    if (!FACTS.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-estimate-url]").forEach(watch);
});
