/** Probes an endpoint without leaving the page; without this script, the result has a page of its own. */
async function probe(button) {
  const output = button.parentElement.querySelector("output");
  output.textContent = "…";
  button.disabled = true;
  const fields = new FormData(button.form);
  fields.append(button.name, button.value);
  try {
    const headers = { "X-Requested-With": "fetch" };
    const response = await fetch(button.formAction, { method: "POST", body: fields, headers });
    if (response.ok) output.innerHTML = await response.text();
    else output.textContent = `${response.status} ${response.statusText}`;
  } catch (error) {
    output.textContent = String(error);
  } finally {
    button.disabled = false;
  }
}

// On the document: rows of endpoints are added while the page is open.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-probe]");
  if (!button) return;
  event.preventDefault();
  probe(button);
});
