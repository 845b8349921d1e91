/** Puts an idea, or a question that a participant proposed, into the field of the question. */

document.addEventListener("click", ({ target }) => {
  const idea = target.closest("[data-idea]");
  const field = document.getElementById("prompt");
  if (!idea || !field) return;
  field.value = idea.textContent.trim();
  field.focus();
});
