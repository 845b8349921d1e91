/** Controls that forced colours, which leave no background, show without an edge; letters that cannot be read. */
() => {
  const CONTROLS = ".button, .menu-button, .bet, .choice, .chip-check, input:not([type=hidden]), textarea, select";
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const hasEdge = (box) => {
    const { borderStyle, borderWidth, appearance } = getComputedStyle(box);
    return (borderStyle !== "none" && parseFloat(borderWidth) > 0) || (appearance !== "none" && box.matches("[type=radio], [type=checkbox]"));
  };
  const frames = (one) => [one, one.closest(".prompt-box, .choice, .chip-check")].filter(Boolean);
  const isHidden = (letter) => getComputedStyle(letter).color === getComputedStyle(letter).backgroundColor;
  return [
    ...seen(CONTROLS).filter((one) => !frames(one).some(hasEdge)),
    ...seen(".letter").filter((letter) => isHidden(letter) || !letter.innerText.trim()),
  ].map((one) => one.outerHTML.slice(0, 120));
}
