"""A workshop on the real servers: what streams carry before the reveal, and how soon a change is seen."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from models_registry.models import LanguageModel
from tests import cast
from tests.duels.conftest import GRAND, PETIT, upstream
from tests.upstream import Upstream, answer
from tests.visitor import FollowedStream, Visitor
from tests.waiting import wait_until
from tests.workshops.room import DUEL, scenario
from workshops.models import RoundBallot, Workshop
from workshops.phases import DUEL_PHASES
from workshops.scenario import to_toml

__all__ = ["upstream"]

VIEWS = ("screen", "participant", "console")
SEEN_WITHIN_SECONDS = 3.0  # on a busy machine; tests.bench.room measures it


class Follower(threading.Thread):
    """Reads the stream of one view, and notes when each state came."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        super().__init__(daemon=True)
        self.states: list[tuple[float, str]] = []
        self.text = ""
        self._client, self._url = client, url
        self._stopped = False

    def run(self) -> None:
        with self._client.stream("GET", self._url) as response:
            for piece in response.iter_text():
                self.text += piece
                if "event: state" in piece:
                    self.states.append((time.monotonic(), piece))
                if self._stopped:
                    return

    def skip_first_state(self) -> None:
        """Skip the state of the opened view; the facilitator's lists every model that may be chosen."""
        wait_until(lambda: self.states and self.text.endswith("\n\n"))
        self.text = ""

    def stop(self) -> None:
        self._stopped = True


class LiveRoom:
    """A facilitator and a participant over plain HTTP, with the streams of the three views."""

    def __init__(self, web: str) -> None:
        self.lead, self.guest = Visitor(web), Visitor(web)
        self.lead.http.get("/ateliers/")
        token = {"csrfmiddlewaretoken": self.lead.http.cookies["csrftoken"]}
        file = {"file": ("scenario.toml", to_toml(scenario(DUEL)))}
        opened = self.lead.http.post("/ateliers/ouvrir/", data=token, files=file)
        found = re.search(r"/ateliers/(\w{5})/", str(opened.url))
        assert found
        self.code = found[1]
        self.path = f"/ateliers/{self.code}/"
        self.guest.http.get(self.path)
        self.followers = {view: Follower(self.lead.http, f"{self.path}{view}/flux/") for view in VIEWS}
        for follower in self.followers.values():
            follower.start()
            follower.skip_first_state()

    def command(self, name: str) -> float:
        """When the command was answered."""
        version = Workshop.objects.get(code=self.code).version
        assert (
            self.lead.post(f"{self.path}pilote/commande/", command=name, version=version).status_code == 200
        )
        return time.monotonic()

    def vote(self, choice: str) -> int:
        return self.guest.post(f"{self.path}voix/", ballot=choice).status_code


@contextmanager
def open_room(web: str) -> Iterator[LiveRoom]:
    room = LiveRoom(web)
    try:
        yield room
    finally:
        for follower in room.followers.values():
            follower.stop()
        Workshop.objects.all().delete()  # ends the streams
        for follower in room.followers.values():
            follower.join(timeout=20)
        room.lead.http.close()
        room.guest.http.close()


@pytest.fixture
def room(web: str, worker: None, transactional_db: None, upstream: Upstream) -> Iterator[LiveRoom]:
    cast.petit_3b(upstream.url, total_params_b=3.1357)
    cast.grand_70b(upstream.url, total_params_b=70.8642)
    upstream.play(PETIT, answer("Le ciel ", "est bleu.", reasoning=["Je suis Petit-3B."]))
    upstream.play(GRAND, answer("Le ciel ", "diffuse."))
    with open_room(web) as opened:
        yield opened


def test_streams_tell_no_model_before_the_reveal_and_every_view_sees_each_change_at_once(
    room: LiveRoom,
) -> None:
    room.command("ask")
    followed = FollowedStream()
    followed.read(room.guest.events(f"{room.path}manches/1/flux/"))
    assert set(followed.text.values()) == {"Le ciel est bleu.", "Le ciel diffuse."}
    events = room.guest.http.get(f"{room.path}manches/1/evenements/").text
    wait_until(lambda: "est bleu" in room.followers["screen"].text)
    wait_until(lambda: "data-reading-url" in room.followers["participant"].text)
    before = {view: len(follower.states) for view, follower in room.followers.items()}
    changed_at = room.command("next")
    wait_until(lambda: all(len(room.followers[view].states) > before[view] for view in VIEWS))
    delays = [room.followers[view].states[before[view]][0] - changed_at for view in VIEWS]
    assert max(delays) < SEEN_WITHIN_SECONDS, delays
    assert room.vote("1:blind:a") == 200
    for name in ("next", "next"):
        room.command(name)
    leaked = events + "".join(follower.text for follower in room.followers.values())
    for model in LanguageModel.objects.select_related("organisation"):
        for word in (model.name, model.slug, model.organisation.name, "3,1 ", "70,9"):
            assert word not in leaked
    room.command("next")
    wait_until(lambda: "Petit-3B" in room.followers["participant"].text)
    assert RoundBallot.objects.count() == 1


def test_each_stream_speaks_the_language_of_its_reader(room: LiveRoom, web: str) -> None:
    with Visitor(web) as reader:
        reader.http.headers["Accept-Language"] = "en"
        english = Follower(reader.http, f"{room.path}participant/flux/")
        english.start()
        english.skip_first_state()
        room.command("ask")
        wait_until(lambda: "data-reading-url" in room.followers["participant"].text)
        french = room.followers["participant"]
        for phase in DUEL_PHASES[2:-2]:
            room.command("next")
            if phase == "vote":  # a page is sent the newest state, not each of those that follow at once
                wait_until(lambda: "A est meilleure" in french.text and "A is better" in english.text)
        wait_until(lambda: "aurait répondu" in french.text and "would have answered" in english.text)
        assert "meilleure" not in english.text and "aurait" not in english.text
        english.stop()
        english.join()
