/**
 * Each control in turn has the focus, as if Tab had brought it there: those whose look does not change, nor
 * that of a box that frames them, and those of which no point lies on top.
 */
() => {
  const LOOK = ["outline", "boxShadow", "borderColor", "clipPath", "stroke", "strokeWidth", "display"];
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const frames = (one) =>
    [one, ...one.children, one.parentElement, one.closest("form, label, li, .prompt-box")].filter(Boolean);
  const look = (one) =>
    frames(one)
      .flatMap((box) => LOOK.map((name) => getComputedStyle(box)[name]))
      .join();
  const name = (one) => one.outerHTML.slice(0, 120);

  const points = ({ left, top, width, height }) =>
    [
      [0.5, 0.5],
      [0.1, 0.2],
      [0.9, 0.2],
      [0.1, 0.8],
      [0.9, 0.8],
    ].map(([x, y]) => [left + x * width, top + y * height]);
  const belongs = (one, top) =>
    top && (one.contains(top) || top.contains(one) || top.closest("label")?.contains(one));
  const isSeen = (one) =>
    [...one.getClientRects()].some((box) =>
      points(box).some(([x, y]) => belongs(one, document.elementFromPoint(x, y))),
    );

  const isReached = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0;
  const faults = [];
  for (const one of [...document.querySelectorAll(CONTROLS)].filter(isReached)) {
    document.activeElement.blur();
    const before = look(one);
    one.focus({ focusVisible: true });
    if (document.activeElement !== one) continue;
    if (look(one) === before) faults.push(`no look: ${name(one)}`);
    if (!isSeen(one)) faults.push(`covered: ${name(one)}`);
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return faults;
};
