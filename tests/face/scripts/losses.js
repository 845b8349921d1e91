/** What is cut, covered, or wider than the window: at most four places of each. */
() => {
  const every = [...document.body.querySelectorAll("*")];
  const ancestors = function* (box) {
    for (; box; box = box.parentElement) yield box;
  };
  const name = (box) => box.outerHTML.slice(0, 120);

  // Boxes that hide a part of their own text. What is only for ears hides it on purpose; fields scroll; a
  // link may show the beginning of what it leads to.
  const forEars = (box) => [...ancestors(box)].some((one) => getComputedStyle(one).clipPath !== "none");
  const hides = (box) => /hidden|clip/.test(getComputedStyle(box).overflow);
  const overflows = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  const begins = (box) => box.closest("a") && getComputedStyle(box).webkitLineClamp !== "none";
  const cut = every.filter(
    (box) =>
      !box.matches("input, select, svg, svg *") &&
      box.checkVisibility() &&
      hides(box) &&
      overflows(box) &&
      !begins(box) &&
      !forEars(box),
  );

  // Controls of the header that lie over one another.
  const controls = [...document.querySelectorAll(".site-header :is(a, button)")].filter((one) =>
    one.checkVisibility(),
  );
  const boxes = controls.map((one) => one.getBoundingClientRect());
  const shared = (a, b, start, end) => Math.min(a[end], b[end]) - Math.max(a[start], b[start]);
  const meet = (a, b) => shared(a, b, "left", "right") > 1 && shared(a, b, "top", "bottom") > 1;
  const covered = controls.filter((one, i) => boxes.some((box, j) => i < j && meet(boxes[i], box)));

  // What makes the page wider than its window; a frame of its own may scroll, the page may not.
  const root = document.documentElement;
  const framed = (box) => box && (getComputedStyle(box).overflowX !== "visible" || framed(box.parentElement));
  const sticksOut = (box) => box.getBoundingClientRect().right > root.clientWidth + 0.5;
  const wider =
    root.scrollWidth > root.clientWidth
      ? [root, ...every.filter((box) => sticksOut(box) && !framed(box.parentElement))].map(name)
      : [];

  const found = { cut: cut.map(name), covered: covered.map(name), wider: wider.slice(1) };
  if (wider.length === 1) found.wider = ["the page, and no box of its own"];
  return Object.fromEntries(
    Object.entries(found)
      .filter(([, all]) => all.length)
      .map(([kind, all]) => [kind, all.slice(0, 4)]),
  );
};
