/** What a screen reader goes by, where it is not in order. */
() => {
  const every = (selector) => [...document.querySelectorAll(selector)];
  const levels = every("h1, h2, h3, h4, h5, h6")
    .filter((one) => one.checkVisibility())
    .map((one) => Number(one.tagName[1]));
  const isFoldFlat = (fold) => {
    const [own, ...inside] = fold.querySelectorAll("h1, h2, h3, h4, h5, h6");
    return own?.closest("summary") && inside.some((one) => one.tagName <= own.tagName);
  };
  const ids = every("[id]").map((one) => one.id);
  const first = every("a[href], button, input:not([type=hidden])").find(
    (one) => one.checkVisibility() && !one.disabled,
  );
  const has = (selector) => every(selector).filter((one) => one.checkVisibility()).length;
  const faults = {
    "not one title": levels.filter((level) => level === 1).length !== 1,
    "a level is skipped": levels.some((level, place) => place && level > levels[place - 1] + 1),
    "a heading in a fold is as high as its own": every("details").some(isFoldFlat),
    "an id stands twice": ids.some((id, place) => ids.indexOf(id) !== place),
    "no header or no main part": has("body > header") !== 1 || has("main") !== 1,
    "nothing leads past the header":
      !first.matches(".skip-link[href='#main']") || !document.querySelector("#main[tabindex='-1']"),
    "no language": !document.documentElement.lang,
    "no name": !document.title.trim(),
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
};
