/** What the page says in its own language and its own words, shown or read aloud: one text per place. */
() => {
  // What models and visitors wrote, programs, names of files, and what is in another language on purpose.
  const OTHERS = [
    ".prose, .turn-prompt, .reasoning-text, .mine-list a, .mine-going p, textarea, body [lang]",
    "pre, code, script, style, template, noscript, svg title",
  ].join();
  const ATTRIBUTES = ["aria-label", "alt", "title", "placeholder", "data-copied", "data-done-sentence"];
  const ours = (element) => !element.closest(OTHERS);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (ours(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
  for (const element of document.body.querySelectorAll("*")) {
    if (ours(element)) texts.push(...ATTRIBUTES.map((name) => element.getAttribute(name)));
  }
  // Addresses are French in both languages.
  for (const meta of document.querySelectorAll("meta[name=description], meta[property^='og:']"))
    if (meta.getAttribute("property") !== "og:url") texts.push(meta.content);
  return texts
    .filter(Boolean)
    .map((text) => text.replace(/[ \t\n]+/g, " "))
    .filter((text) => text.trim());
};
