"""The state machine: the phases of each kind of step, and where each command leads. Pure functions."""

from dataclasses import dataclass

from workshops.scenario import Scenario

DUEL_PHASES = (
    "prompt", "answers", "vote", "closed", "results",
    "size", "tokens", "architecture", "energy", "second", "outcome",
)  # fmt: skip
PHASES = {"slide": ("show",), "discussion": ("show",), "quiz": ("question", "answer"), "duel": DUEL_PHASES}
BEATS = ("size", "tokens", "architecture", "energy")
REVEALED = (*BEATS, "second", "outcome")
UNCOVERED = "results"  # the last phase in which no name is shown
# The kinds of ballots that are open in a phase.
OPEN_KINDS = {"vote": ("blind", "bet"), "second": ("second",), "question": ("quiz",)}
TOGGLED = {
    "answers": "vote", "vote": "closed", "closed": "vote",
    "energy": "second", "second": "outcome", "outcome": "second",
    "question": "answer", "answer": "question",
}  # fmt: skip
RESULTS = {"vote": "results", "closed": "results", "second": "outcome", "question": "answer"}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a workshop is: a step of its scenario, and a phase of that step."""

    step_id: str
    phase: str

    @property
    def is_revealed(self) -> bool:
        return self.phase in REVEALED


def first_phase(scenario: Scenario, step_id: str) -> str:
    return PHASES[scenario.step(step_id).kind][0]


def start_of(scenario: Scenario, index: int) -> Position:
    """The beginning of the step of that index; of the last one beyond."""
    step = scenario.steps[min(max(index, 0), len(scenario.steps) - 1)]
    return Position(step.id, PHASES[step.kind][0])


def next_position(scenario: Scenario, now: Position, *, was_revealed: bool = False) -> Position:
    """The phase after this one, or the next step; the end stays where it is."""
    phases, index = PHASES[scenario.step(now.step_id).kind], scenario.index(now.step_id)
    rank = phases.index(now.phase)
    if was_revealed and now.phase == "answers":
        return Position(now.step_id, UNCOVERED)
    if rank + 1 < len(phases):
        return Position(now.step_id, phases[rank + 1])
    return start_of(scenario, index + 1) if index + 1 < len(scenario.steps) else now


def previous_position(scenario: Scenario, now: Position, *, has_round: bool, was_revealed: bool) -> Position:
    """The phase before this one, or the step before; a vote whose names were shown is not opened again.

    has_round: of the step before this one, where it is a duel.
    """
    phases, index = PHASES[scenario.step(now.step_id).kind], scenario.index(now.step_id)
    rank = phases.index(now.phase) - 1
    if rank >= 0 and was_revealed and phases[rank] in ("vote", "closed"):
        rank = phases.index("answers")
    if rank >= 0 and phases[rank] != "prompt":
        return Position(now.step_id, phases[rank])
    if rank < 0 and index > 0:
        before = scenario.steps[index - 1]
        return Position(before.id, PHASES[before.kind][-1 if has_round or before.kind != "duel" else 0])
    return now


def toggled_vote(now: Position, *, was_revealed: bool) -> Position:
    """With the vote opened or closed; unchanged where there is none to open."""
    phase = TOGGLED.get(now.phase, now.phase)
    return now if phase == "vote" and was_revealed else Position(now.step_id, phase)


def with_results(now: Position) -> Position:
    return Position(now.step_id, RESULTS.get(now.phase, now.phase))
