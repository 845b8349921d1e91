/**
 * What forced colours, which leave no background, would take away: controls without an edge, letters that
 * cannot be read, buttons whose being pressed does not show.
 */
() => {
  const CONTROLS =
    ".button, .menu-button, .bet, .choice, .chip-check, input:not([type=hidden]), textarea, select";
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const hasEdge = (box) => {
    const { borderStyle, borderWidth, appearance } = getComputedStyle(box);
    return (
      (borderStyle !== "none" && parseFloat(borderWidth) > 0) ||
      (appearance !== "none" && box.matches("[type=radio], [type=checkbox]"))
    );
  };
  const frames = (one) => [one, one.closest(".prompt-box, .choice, .chip-check")].filter(Boolean);
  const isHidden = (letter) => getComputedStyle(letter).color === getComputedStyle(letter).backgroundColor;
  const background = (one) => getComputedStyle(one).backgroundColor;
  const isAsTheOthers = (one) =>
    [...one.parentElement.querySelectorAll("[aria-pressed=false]")].some(
      (other) => background(one) === background(other),
    );
  return [
    ...seen(CONTROLS).filter((one) => !frames(one).some(hasEdge)),
    ...seen(".letter").filter((letter) => isHidden(letter) || !letter.innerText.trim()),
    ...seen("[aria-pressed=true]").filter(isAsTheOthers),
  ].map((one) => one.outerHTML.slice(0, 120));
};
