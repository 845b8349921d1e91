/** Plays the recorded duels of this page: texts, a vote, the reveal, a second vote, a debrief. */

const announcer = document.querySelector("[data-announcer]");

class RecordedDuel {
  constructor(root) {
    this.root = root;
    this.debrief = document.getElementById(root.dataset.debrief);
    this.turns = [...root.querySelectorAll("[data-turn]")].map((turn) => ({
      turn,
      cards: [...turn.querySelectorAll("[data-pace]")],
    }));
    this.isSkipped = false;
    this.part("play").addEventListener("click", () => this.play());
    this.part("skip").addEventListener("click", () => this.skip());
    for (const kind of ["blind", "second"]) {
      this.part(kind).addEventListener("submit", (event) => this.vote(event, kind));
    }
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  async play() {
    this.part("controls").hidden = true;
    this.part("skip").hidden = false;
    const speed = Number(this.root.querySelector("[name^=speed]:checked").value);
    for (const { turn, cards } of this.turns) {
      turn.hidden = false;
      await this.playTexts(cards, speed);
    }
    const hadFocus = document.activeElement === this.part("skip");
    this.part("skip").hidden = true;
    this.part("blind").hidden = false;
    if (hadFocus) this.part("blind").querySelector("h3").focus();
    announcer.textContent = this.root.dataset.ended;
  }

  skip() {
    this.isSkipped = true;
  }

  /** Resolves once both texts are whole. Timers, and not frames: a hidden tab goes on. */
  playTexts(cards, speed) {
    const started = performance.now();
    const end = Math.max(0, ...cards.map((card) => JSON.parse(card.dataset.pace).at(-1)?.[0] ?? 0));
    return new Promise((resolve) => {
      const tick = () => {
        const ms = this.isSkipped || !speed ? end : (performance.now() - started) * speed;
        for (const card of cards) {
          card.dispatchEvent(new CustomEvent("recorded:show", { bubbles: true, detail: { ms } }));
        }
        if (ms >= end) resolve();
        else setTimeout(tick, 60);
      };
      tick();
    });
  }

  vote(event, kind) {
    event.preventDefault();
    const form = this.part(kind);
    const counts = countVotes(form);
    form.querySelector("[role=alert]").hidden = counts !== null;
    if (!counts) return;
    form.querySelector("fieldset").disabled = true;
    form.querySelector("details").open = false;
    form.querySelector("button").hidden = true;
    for (const cell of this.debrief.querySelectorAll(`[data-${kind}]`)) {
      cell.textContent = counts[cell.dataset[kind]] ?? 0;
    }
    if (kind === "blind") this.reveal();
    else this.end();
  }

  reveal() {
    for (const name of this.root.querySelectorAll("[data-name]")) name.hidden = false;
    this.part("reveal").hidden = false;
    this.debrief.hidden = false;
    this.part("figure").focus();
    this.part("reveal").scrollIntoView();
  }

  end() {
    this.part("end").hidden = false;
    this.part("end").focus();
  }
}

const duels = [...document.querySelectorAll("[data-duel]")];
for (const root of duels) new RecordedDuel(root);
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}
for (const link of document.querySelectorAll("[data-show]")) {
  link.addEventListener("click", () => {
    for (const duel of duels) duel.hidden = duel.id !== link.dataset.show;
    for (const other of document.querySelectorAll("nav [data-show]")) {
      other.setAttribute("aria-pressed", String(other.dataset.show === link.dataset.show));
    }
    document.getElementById(link.dataset.show).querySelector("h2").focus();
  });
}
