/** The secret link is shown once: folded away when the workshop moves on, and not shown by a reload. */

const secret = document.querySelector("[data-secret]");
const desk = document.getElementById("live");
const version = () => desk.querySelector("[data-version]").dataset.version;
const first = version();

if (secret) history.replaceState(null, "", location.pathname);
desk.addEventListener("live:applied", () => {
  if (version() !== first) secret?.removeAttribute("open");
});
