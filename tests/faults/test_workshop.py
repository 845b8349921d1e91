"""A part of the site is killed in each phase of a class's duel: the phase and every vote stay."""

import re
import threading
from contextlib import ExitStack

import pytest

from duels.models import Answer, Duel
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, words
from tests.faults.processes import Site
from tests.upstream import Upstream, answer
from tests.visitor import Visitor
from tests.waiting import wait_until
from tests.workshops.room import DUEL, scenario
from workshops.models import RoundBallot, Workshop
from workshops.phases import DUEL_PHASES, OPEN_KINDS
from workshops.scenario import to_toml


class ClassRoom:
    """A facilitator and a participant over plain HTTP."""

    def __init__(self, site: Site, stack: ExitStack) -> None:
        self.lead, self.guest = (stack.enter_context(site.visitor()) for _ in range(2))
        self.lead.http.get("/ateliers/")
        token = {"csrfmiddlewaretoken": self.lead.http.cookies["csrftoken"]}
        file = {"file": ("scenario.toml", to_toml(scenario(DUEL | {"question": PROMPT})))}
        self.lead.http.post("/ateliers/ouvrir/", data=token, files=file)
        self.path = f"/ateliers/{self.workshop.code}/"
        self.guest.http.get(self.path)

    @property
    def workshop(self) -> Workshop:
        return Workshop.objects.get()

    def press(self, name: str, version: int | None = None) -> int:
        sent = {"command": name, "version": version or self.workshop.version}
        return self.lead.post(f"{self.path}pilote/commande/", **sent).status_code

    def vote(self, kind: str) -> int:
        number = self.workshop.rounds.filter(replaced_at=None).get().number
        return self.guest.post(f"{self.path}voix/", ballot=f"{number}:{kind}:a").status_code


def wait_for_answers() -> None:
    wait_until(lambda: not Answer.objects.exclude(state=Answer.State.DONE).exists())


def page_shows(visitor: Visitor, path: str, version: int) -> bool:
    found = re.search(r'data-version="(\d+)"', visitor.http.get(path).text)
    return found is not None and int(found[1]) == version


@pytest.mark.parametrize("killed", ["web", "valkey", "worker"])
def test_a_part_killed_in_each_phase_costs_neither_the_phase_nor_a_vote(
    site_with_clock: Site, upstream: Upstream, killed: str
) -> None:
    site = site_with_clock  # what a Valkey loses from its queue is queued again by the clock
    with ExitStack() as stack:
        room, seen = ClassRoom(site, stack), list[str]()
        while room.workshop.phase != DUEL_PHASES[-1]:
            before = room.workshop
            seen.append(before.phase)
            if before.phase == "answers" and killed == "worker":  # while it writes: the test below
                wait_for_answers()
            site.kill(killed)
            if killed != "web":  # a vote is taken without the others
                assert {room.vote(kind) for kind in OPEN_KINDS.get(before.phase, ())} <= {200}
            site.start(killed)
            if before.phase == "answers":
                wait_for_answers()
            assert page_shows(room.lead, f"{room.path}pilote/", before.version)
            assert page_shows(room.guest, room.path, before.version)
            assert {room.vote(kind) for kind in OPEN_KINDS.get(before.phase, ())} <= {200}
            assert room.press("next") == 200
            assert room.press("next", before.version) == 200  # a double press
            assert room.workshop.version == before.version + 1
        assert (*seen, DUEL_PHASES[-1]) == DUEL_PHASES
    assert sorted(RoundBallot.objects.values_list("kind", "choice")) == [
        ("bet", "a"), ("blind", "a"), ("second", "a"),
    ]  # fmt: skip
    assert Duel.objects.count() == 1


def test_a_worker_killed_before_a_class_is_shown_on_the_console_and_another_pair_is_one_press(
    site_with_clock: Site, upstream: Upstream
) -> None:
    site, gate = site_with_clock, threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(gate, *words(5)))
    with ExitStack() as stack:
        room = ClassRoom(site, stack)
        room.press("next")
        wait_until(lambda: upstream.active == 2)
        site.kill("worker")
        gate.set()
        state = f"{room.path}console/etat/"
        wait_until(lambda: "Un modèle ne répond pas" in room.lead.http.get(state).text)
        for model in (PETIT, GRAND):
            upstream.play(model, answer(*words(5)))
        site.start("worker")
        assert room.press("another_pair") == 200
        wait_until(lambda: room.press("vote") == 200 and room.workshop.phase == "vote")
        assert room.vote("blind") == 200
    assert set(Answer.objects.values_list("turn__prompt", flat=True)) == {PROMPT}
    # Whether the worker comes back in time for the first pair is open; the pair on the screen has answered.
    shown = Answer.objects.filter(turn__duel=room.workshop.rounds.get(replaced_at=None).duel)
    assert list(shown.values_list("state", flat=True)) == [Answer.State.DONE] * 2
