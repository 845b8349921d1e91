"""Until the vote, nothing that leaves the server says which model answers; after it, nothing is hidden.

Duels are played on every page and channel, all bytes are collected, headers and cookies too, and searched for
anything that belongs to a model: names, addresses, sizes, counts of tokens, keys of the database.
"""

import re
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from django.db import connection
from django.test import Client

from duels.models import Answer, Duel, Turn, Vote
from duels.pages import presenters
from models_registry.models import Endpoint, LanguageModel, Organisation
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Script, Upstream, dies_after, event, raw, refuses, usage_event
from tests.visitor import Visitor

EVENT_ID = re.compile(r"\b\d{13}-\d+\b")
TOKENS_IN, TOKENS_OUT, TOKENS_HIDDEN = 41_779, 73_313, 29_029
FIRST_KEYS = {"duels_duel": 5_510_001, "duels_turn": 6_620_001, "duels_answer": 7_730_001}
FIRST_KEYS |= {"models_registry_languagemodel": 8_840_001, "models_registry_endpoint": 9_950_001}


def says(*texts: str | threading.Event) -> Script:
    """An answer whose counts of tokens stand out."""
    pieces = [event({"content": text}) if isinstance(text, str) else text for text in texts]
    thought = event({"reasoning_content": "Je suis Petit-3B, ou Grand-70B ? Ateliers Hautemer m’a fait."})
    usage = usage_event(TOKENS_IN, TOKENS_OUT, TOKENS_HIDDEN)
    return raw(thought, *pieces, event({}, "stop"), usage, b"data: [DONE]\n\n")


class Witness(Visitor):
    """A visitor who keeps every byte that the server sends."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.seen: list[str] = []
        self.http.event_hooks = {"response": [self._keep]}

    def _keep(self, response: httpx.Response) -> None:
        """All of the response but its length, in which any digits may stand."""
        response.read()
        headers = [item for item in response.headers.multi_items() if item[0] != "content-length"]
        self.seen.append(f"{response.status_code} {headers}\n{response.text}")

    def forget(self) -> None:
        self.seen.clear()

    @property
    def everything(self) -> str:
        """All that was collected, but for the hours that Redis gives to events: digits stand there, too."""
        return EVENT_ID.sub("", "\n".join(self.seen)).casefold()


@pytest.fixture
def far_keys(transactional_db: None) -> None:
    """Keys of the database that no other number on a page can be taken for."""
    with connection.cursor() as cursor:
        for table, first in FIRST_KEYS.items():
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {first}")


@pytest.fixture
def witness(far_keys: None, web: str, worker: None, upstream: Upstream) -> Iterator[Witness]:
    cast.petit_3b(upstream.url, total_params_b=3.1357)
    cast.grand_70b(upstream.url, total_params_b=70.8642)
    # Of models that reason, and have room for it, such counts are believed.
    LanguageModel.objects.update(release_date=date(1987, 6, 5), reasoning=True)
    Endpoint.objects.update(max_tokens=100_000)
    upstream.play(PETIT, says("Le ciel ", "est bleu."))
    upstream.play(GRAND, says("Le ciel ", "diffuse."))
    with Witness(web) as witness:
        yield witness


def secrets() -> set[str]:
    """All that could tell a model, in every way it might be written."""
    words = {
        "1987",
        "1986",
        "3.1357",
        "3,1357",
        "3,1 ",
        "70.8642",
        "70,8642",
        "70,9",
        "licence d’essai",
        "essai-1.0",
    }
    for count in (TOKENS_IN, TOKENS_OUT, TOKENS_HIDDEN, TOKENS_OUT - TOKENS_HIDDEN):
        words |= {str(count), f"{count:_}".replace("_", "\u202f"), f"{count:_}".replace("_", "\u00a0")}
    for model in LanguageModel.objects.all():
        words |= {model.slug, model.name, str(model.pk)}
    for maker in Organisation.objects.all():
        words |= {maker.slug, maker.name, maker.site}
    for endpoint in Endpoint.objects.all():
        words |= {urlsplit(endpoint.base_url).netloc, endpoint.provider_model, str(endpoint.pk)}
    for table in (Duel, Turn, Answer):
        words |= {str(row.pk) for row in table.objects.all()}
    return {word.casefold() for word in words}


def hints_in(everything: str) -> set[str]:
    """A number counts where it stands alone: any four digits come in random words at times."""
    return {
        word
        for word in secrets()
        if word in everything
        and (not word.isdecimal() or re.search(rf"(?<![a-z0-9]){word}(?![a-z0-9])", everything))
    }


def assert_nothing_revealed(witness: Witness) -> None:
    assert witness.everything
    assert hints_in(witness.everything) == set()


def open_duel(witness: Witness) -> str:
    """The address of a new duel. The home page, which lists all models, is looked at in its own test."""
    witness.http.get("/")
    token = {"csrfmiddlewaretoken": witness.http.cookies["csrftoken"]}
    witness.forget()
    return witness.http.post("/duels/", data={"prompt": "Bonjour", **token}).url.path


BY_HTMX = {"HX-Request": "true"}


def look_everywhere(witness: Witness, duel: str) -> None:
    """Every page and channel of a duel, asked rightly and wrongly."""
    numbers = re.findall(r'id="turn-(\d+)"', witness.http.get(duel).text)
    own = [f"{duel}{path}" for path in ("", "next/", "reveal.json", "fiche/", "inconnu/")]
    for path in (*own, "/duels/", "/duels/mes-duels.json", "/duels/x/"):
        witness.http.get(path)
        witness.http.get(path, headers=BY_HTMX)
    for verb in ("vote/", "stop/", "retry/", "turns/", "share/"):
        witness.http.get(duel + verb)
        witness.http.post(duel + verb, data={"choice": "a"})  # without its token
    for number in numbers:
        list(witness.events(f"{duel}turns/{number}/stream/"))
        list(witness.events(f"{duel}turns/{number}/stream/", last_id="1-1"))
        witness.http.get(f"{duel}turns/{number}/events/")
        witness.http.get(f"{duel}turns/{number}/events/?after=1-1")
    witness.post(f"{duel}vote/", choice="personne")
    witness.post(f"{duel}turns/", prompt="")
    witness.http.delete(duel)


def react_everywhere(witness: Witness, duel: str) -> None:
    for side in "ab":
        for sent in ({"liking": "like", "reasons": "clear"}, {"liking": "?"}, {"liking": "none"}):
            witness.post(f"{duel}turns/1/{side}/reaction/", **sent)


def test_nothing_is_revealed_while_the_models_write(witness: Witness, upstream: Upstream) -> None:
    gate = threading.Event()
    upstream.play(PETIT, says("## Le ciel\n\n", "Il est **bleu**.\n\n", gate, "Fin."))
    duel = open_duel(witness)
    for path in (duel, f"{duel}next/", "/duels/", f"{duel}reveal.json", f"{duel}turns/1/events/"):
        witness.http.get(path)
    assert witness.post(f"{duel}vote/", choice="a").status_code == 409
    gate.set()
    assert {"a-html", "b-html"} <= set(witness.follow(duel).names)
    assert_nothing_revealed(witness)


def test_nothing_is_revealed_before_the_vote_and_all_of_it_after(witness: Witness) -> None:
    duel = open_duel(witness)
    witness.follow(duel)
    react_everywhere(witness, duel)
    witness.post(f"{duel}turns/", prompt="Et la nuit ?")
    witness.follow(duel)
    look_everywhere(witness, duel)
    assert_nothing_revealed(witness)
    witness.forget()
    witness.post(f"{duel}vote/", choice="a")
    witness.http.get(f"{duel}reveal.json")
    for model in LanguageModel.objects.select_related("organisation", "licence"):
        for word in (model.name, model.slug, model.organisation.name, model.licence.name):
            assert word.casefold() in witness.everything
        assert str(model.release_date) in witness.everything
        assert str(model.total_params_b) in witness.everything
    assert "3,1" in witness.everything
    assert f"{2 * TOKENS_OUT:_}".replace("_", "\u00a0") in witness.everything


def test_nothing_is_revealed_of_a_side_that_fails_and_begins_again(
    witness: Witness, upstream: Upstream
) -> None:
    upstream.play(PETIT, refuses(500, "petit-3b of Fabrique Quatrevents is overloaded"))
    duel = open_duel(witness)
    witness.follow(duel)
    look_everywhere(witness, duel)
    upstream.play(PETIT, dies_after("Il était"))
    side = Answer.objects.get(model__slug=PETIT).side
    witness.post(f"{duel}retry/", side=side)
    witness.follow(duel)
    look_everywhere(witness, duel)
    assert_nothing_revealed(witness)


def test_nothing_is_revealed_of_a_model_that_stands_in_for_another(
    witness: Witness, upstream: Upstream
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, Script([gate], status=500))
    upstream.play("melange-117b", says("Je remplace."))
    duel = open_duel(witness)
    cast.melange_117b(upstream.url, total_params_b=117.3975)  # only now: it must not be drawn for the duel
    gate.set()
    following = witness.follow(duel)
    look_everywhere(witness, duel)
    assert "Je remplace." in following.text.values()
    assert_nothing_revealed(witness)


def test_nothing_is_revealed_of_a_context_that_is_full(witness: Witness, upstream: Upstream) -> None:
    duel = open_duel(witness)
    witness.follow(duel)
    sentence = f"petit-3b reads {TOKENS_IN} tokens at most"
    upstream.play(PETIT, refuses(400, sentence, code="context_length_exceeded"))
    witness.post(f"{duel}turns/", prompt="Et la nuit ?")
    witness.follow(duel)
    look_everywhere(witness, duel)
    assert_nothing_revealed(witness)


def test_nothing_is_revealed_of_a_duel_that_was_stopped(witness: Witness, upstream: Upstream) -> None:
    upstream.play(PETIT, says("Le ciel ", threading.Event()))
    upstream.play(GRAND, says("Le ciel ", threading.Event()))
    duel = open_duel(witness)
    upstream.wait_until(lambda upstream: upstream.active == 2)
    witness.post(f"{duel}stop/")
    witness.follow(duel)
    look_everywhere(witness, duel)
    assert_nothing_revealed(witness)


def test_no_file_that_the_pages_load_names_a_model(witness: Witness) -> None:
    duel = open_duel(witness)
    links = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', witness.http.get(duel).text))
    assert links
    for link in links:
        assert witness.http.get(urljoin(str(witness.http.base_url), link)).status_code == 200
    assert_nothing_revealed(witness)


CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"')


def test_the_home_page_says_the_same_whoever_plays(witness: Witness) -> None:
    def home() -> str:
        return CHANGING.sub("", witness.http.get("/").text)

    before = home()
    witness.follow(open_duel(witness))
    assert home() == before


def test_a_stranger_hears_nothing_of_a_duel(witness: Witness, web: str) -> None:
    duel = open_duel(witness)
    with Witness(web) as stranger:
        own = ("", "next/", "turns/1/stream/", "turns/1/events/", "reveal.json", "fiche/")
        for path in own:
            assert stranger.http.get(duel + path).status_code == 404
        assert_nothing_revealed(stranger)


@pytest.mark.django_db
def test_an_error_of_ours_tells_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    duel = cast.make_duel(petit, grand, visitor=cast.visitor_in(client))

    def break_down(duel: Any) -> None:
        raise RuntimeError(f"{petit.name} against {grand.name}")

    monkeypatch.setattr(presenters, "present_turn", break_down)
    client.raise_request_exception = False
    response = client.get(duel.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 500
    assert "Une erreur de notre côté" in page
    assert petit.name not in page
    assert not Vote.objects.exists()
