/** The votes of a form: the choice of one person, or the hands that were counted. */
function countVotes(form) {
  const counts = {};
  for (const field of form.querySelectorAll("[data-hands]")) {
    counts[field.dataset.hands] = Math.max(0, Number.parseInt(field.value, 10) || 0);
  }
  const chosen = form.querySelector("[type=radio]:checked");
  if (chosen && Object.values(counts).every((count) => count === 0)) counts[chosen.value] = 1;
  return Object.values(counts).some((count) => count > 0) ? counts : null;
}
