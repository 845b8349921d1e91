"""Questions that a visitor may send, the answer to those that are refused, and the pages of a duel."""

import re
from html import escape, unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from duels.models import MAX_TURNS, Answer, Duel, Vote
from duels.pages.home import TOO_FEW_MODELS
from duels.rate_limits import PAUSED
from models_registry.models import LanguageModel
from tests import cast

pytestmark = pytest.mark.django_db

A_LONG_TEXT = "Une longue question. " * 20


@pytest.fixture
def cast_of_two(db: None) -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


@pytest.fixture
def duel(client: Client, cast_of_two: tuple[LanguageModel, LanguageModel]) -> Duel:
    """A finished duel of this client, ready for the vote."""
    return cast.make_duel(*cast_of_two, visitor=cast.visitor_in(client))


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def typed(response: HttpResponse) -> str:
    """The text in the question box."""
    found = re.search(r"<textarea[^>]*data-prompt[^>]*>\n?(.*?)</textarea>", text_of(response), re.DOTALL)
    assert found
    return unescape(found.group(1))


REFUSED = {
    "nothing": ("", "Écrivez une question d’abord."),
    "blanks": (" \t\n\u00a0", "Écrivez une question d’abord."),
    "one character too many": ("é" * 8_001, "8\u00a0001 caractères sur 8\u00a0000"),
    "a megabyte": ("x" * 1_000_000, "Votre question est trop longue"),
    "a NUL": ("avant\x00après", "Votre question contient un caractère illisible."),
}


@pytest.mark.parametrize(("prompt", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_prompt_that_cannot_be_taken_comes_back_with_a_sentence(
    client: Client, cast_of_two: object, prompt: str, sentence: str
) -> None:
    response = client.post("/duels/", {"prompt": prompt})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert typed(response).strip() == prompt.strip()
    assert not Duel.objects.exists()


@pytest.mark.parametrize(("prompt", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_follow_up_that_cannot_be_taken_comes_back_too(
    client: Client, duel: Duel, prompt: str, sentence: str
) -> None:
    response = client.post(f"{duel.get_absolute_url()}turns/", {"prompt": prompt})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert typed(response).strip() == prompt.strip()
    assert duel.turns.count() == 1


def test_an_unknown_mode_is_refused_and_the_text_shown_again(client: Client, cast_of_two: object) -> None:
    response = client.post("/duels/", {"prompt": A_LONG_TEXT, "mode": "au-choix"})
    assert response.status_code == 422
    assert typed(response) == A_LONG_TEXT


def test_8000_characters_are_taken_and_line_ends_count_once(client: Client, cast_of_two: object) -> None:
    response = client.post("/duels/", {"prompt": "é\r\n" * 3_999 + "12"})
    assert response.status_code == 303
    assert len(Duel.objects.get().turns.get().prompt) == 8_000


def test_a_new_duel_has_a_code_of_128_bits_and_two_waiting_answers(
    client: Client, cast_of_two: object
) -> None:
    response = client.post("/duels/", {"prompt": "Bonjour"})
    assert response.status_code == 303
    assert re.fullmatch(r"/duels/[A-Za-z0-9_-]{22}/", response["Location"])
    assert list(Answer.objects.values_list("state", flat=True)) == [Answer.State.WAITING] * 2


@pytest.mark.parametrize("how_many", [0, 1])
def test_fewer_than_two_models_are_announced_and_the_text_stays_in_the_form(
    client: Client, how_many: int, db: None
) -> None:
    for make in (cast.petit_3b, cast.grand_70b)[:how_many]:
        make()
    assert str(TOO_FEW_MODELS) in text_of(client.get("/"))
    response = client.post("/duels/", {"prompt": A_LONG_TEXT})
    assert response.status_code == 503
    assert str(TOO_FEW_MODELS) in text_of(response)
    assert typed(response) == A_LONG_TEXT


@pytest.mark.parametrize("limit", [0, 100])
def test_without_valkey_a_new_duel_is_refused_in_a_sentence(
    client: Client, cast_of_two: object, without_valkey: None, settings: Settings, limit: int
) -> None:
    settings.LIMIT_SITE_PER_DAY = settings.LIMIT_SESSION_PER_HOUR = settings.LIMIT_ADDRESS_PER_HOUR = limit
    response = client.post("/duels/", {"prompt": A_LONG_TEXT})
    assert response.status_code == 503
    assert str(PAUSED) in text_of(response)
    assert typed(response) == A_LONG_TEXT
    assert not Duel.objects.exists()


def test_a_duel_of_demo_models_has_one_notice_that_says_it_does_not_count(client: Client, db: None) -> None:
    facts = {"architecture": "dense", "total_params_b": 0.2, "weight_bits": 16}
    tiny = [cast.make_model(slug, slug, "Petit éditeur", cast.NOWHERE, facts) for slug in ("un", "deux")]
    duel = cast.make_duel(*tiny, visitor=cast.visitor_in(client))
    Duel.objects.update(pair_was_known=True)
    page = text_of(client.get(duel.get_absolute_url()))
    assert page.count('<p class="notice">') == 1
    assert "De tout petits modèles répondent ici" in page
    assert "ce duel ne comptera pas" in page


def test_without_valkey_a_follow_up_is_refused_and_shown_again(
    client: Client, duel: Duel, without_valkey: None
) -> None:
    response = client.post(f"{duel.get_absolute_url()}turns/", {"prompt": A_LONG_TEXT})
    assert response.status_code == 503
    assert str(PAUSED) in text_of(response)
    assert typed(response) == A_LONG_TEXT


def test_without_valkey_a_failed_side_stays_as_it_is(
    client: Client, duel: Duel, without_valkey: None
) -> None:
    Answer.objects.filter(side="a").update(state=Answer.State.FAILED, failure=Answer.Failure.CUT)
    response = client.post(f"{duel.get_absolute_url()}retry/", {"side": "a"})
    assert response.status_code == 503
    assert str(PAUSED) in text_of(response)
    assert Answer.objects.get(side="a").state == Answer.State.FAILED


def test_without_valkey_all_that_needs_no_stream_works(
    client: Client, duel: Duel, without_valkey: None
) -> None:
    url = duel.get_absolute_url()
    for path in ("/", "/duels/", "/a-propos/", url, f"{url}next/"):
        assert client.get(path).status_code == 200
    assert client.post(f"{url}stop/").status_code == 303
    assert client.post(f"{url}turns/1/a/reaction/", {"liking": "like"}).status_code == 303
    assert client.post(f"{url}vote/", {"choice": "a"}).status_code == 303
    assert client.get(f"{url}reveal.json").status_code == 200


PARTS = ("", "next/")  # the stream is refused in test_anonymity.py, where a server runs
VERBS = ("turns/", "stop/", "retry/", "vote/", "turns/1/a/reaction/")


@pytest.mark.parametrize("part", PARTS)
def test_another_session_finds_nothing_to_read(client: Client, duel: Duel, part: str) -> None:
    assert client.get(duel.get_absolute_url() + part).status_code == 200
    stranger = Client()
    assert stranger.get(duel.get_absolute_url() + part).status_code == 404
    cast.visitor_in(stranger)  # one with a session of its own, too
    assert stranger.get(duel.get_absolute_url() + part).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_another_session_can_do_nothing(client: Client, duel: Duel, verb: str) -> None:
    stranger = Client()
    cast.visitor_in(stranger)
    fields = {"prompt": "Bonjour", "choice": "a", "side": "a", "liking": "like"}
    assert stranger.post(duel.get_absolute_url() + verb, fields).status_code == 404
    assert duel.turns.count() == 1
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/duels/inconnu/", "/duels/%00/", "/duels/%F0%9F%8C%8D/", "/duels/" + "x" * 3_000 + "/"],
)
def test_an_address_that_leads_nowhere_is_not_found(client: Client, db: None, path: str) -> None:
    cast.visitor_in(client)
    response = client.get(path)
    assert response.status_code == 404
    assert "Page introuvable" in text_of(response)


@pytest.mark.parametrize("turn", ["0", "2", "99999999999999999999"])
def test_a_turn_that_does_not_exist_is_not_found(client: Client, duel: Duel, turn: str) -> None:
    url = duel.get_absolute_url()
    assert client.post(f"{url}turns/{turn}/a/reaction/", {"liking": "like"}).status_code == 404
    assert client.post(f"{url}turns/1/c/reaction/", {"liking": "like"}).status_code == 404


@pytest.mark.parametrize("side", ["", "c", "\x00", "a" * 5_000])
def test_a_side_that_does_not_exist_cannot_be_tried_again(client: Client, duel: Duel, side: str) -> None:
    assert client.post(f"{duel.get_absolute_url()}retry/", {"side": side}).status_code == 303
    assert not Answer.objects.exclude(state=Answer.State.DONE).exists()


def test_a_form_without_its_token_is_refused_in_words(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/duels/", {"prompt": "Bonjour"})
    assert response.status_code == 403
    assert "Formulaire expiré" in text_of(response)


@pytest.mark.parametrize("path", ["/", "/duels/", "/a-propos/"])
def test_reading_pages_sets_no_cookie_but_the_token_of_their_forms(db: None, path: str) -> None:
    client = Client()
    assert client.get(path).status_code == 200
    assert set(client.cookies) <= {"csrftoken"}


def test_an_error_page_makes_nobody_a_visitor(db: None) -> None:
    client = Client()
    assert client.get("/nulle-part/").status_code == 404
    assert set(client.cookies) <= {"csrftoken"}  # of the form that chooses the language


def test_the_first_duel_sets_a_cookie_that_scripts_cannot_read(client: Client, cast_of_two: object) -> None:
    response = client.post("/duels/", {"prompt": "Bonjour"})
    assert set(response.cookies) == {"visitor"}
    assert response.cookies["visitor"]["httponly"]
    assert response.cookies["visitor"]["samesite"] == "Lax"


def test_no_page_holds_a_script_or_a_style_of_its_own(client: Client, duel: Duel) -> None:
    """The security policy would refuse them: what they do would be missing."""
    url = duel.get_absolute_url()
    before = [client.get(path) for path in ("/", url, "/duels/", "/nulle-part/")]
    cast.vote(duel)
    for response in [*before, client.get(url)]:
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"", text_of(response))
        assert "'none'" in response["Content-Security-Policy"]


TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def part_of(page: HttpResponse, part: HttpResponse) -> bool:
    """Whether the part stands in the page, word for word."""
    return TOKENS.sub("", text_of(part)).strip() in TOKENS.sub("", text_of(page))


@pytest.mark.parametrize("voted", [False, True])
def test_the_next_step_alone_is_that_of_the_page(client: Client, duel: Duel, voted: bool) -> None:
    if voted:
        cast.vote(duel)
    assert part_of(client.get(duel.get_absolute_url()), client.get(f"{duel.get_absolute_url()}next/"))


@pytest.mark.parametrize("turns", [1, 2, MAX_TURNS])
def test_a_page_that_waits_carries_the_next_step_it_would_be_given(
    client: Client, cast_of_two: tuple[LanguageModel, LanguageModel], turns: int
) -> None:
    duel = cast.make_duel(*cast_of_two, visitor=cast.visitor_in(client))
    for _ in range(turns - 1):
        cast.add_turn(duel, *cast_of_two)
    newest = Answer.objects.filter(turn__number=turns)
    newest.update(state=Answer.State.WAITING)
    page = client.get(duel.get_absolute_url())
    newest.update(state=Answer.State.DONE)
    assert part_of(page, client.get(f"{duel.get_absolute_url()}next/"))


def test_the_vote_by_htmx_gives_what_the_page_shows_after_a_reload(client: Client, duel: Duel) -> None:
    part = client.post(f"{duel.get_absolute_url()}vote/", {"choice": "b"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part_of(client.get(duel.get_absolute_url()), part)


@pytest.mark.parametrize(("state", "word", "times"), [("waiting", "en attente", 4), ("done", "terminé", 8)])
def test_cached_pages_show_each_visitor_their_own_alone(
    cast_of_two: object, state: str, word: str, times: int
) -> None:
    pages, own = [], []
    for language, prompt in (("fr", "un & deux"), ("en", "<b>Who?</b>"), ("fr", "mark-{name}-")):
        visitor = Client(headers={"Accept-Language": language})
        address = visitor.post("/duels/", {"prompt": prompt})["Location"]
        Answer.objects.update(state=state, text="Je suis bref." * (state == "done"))
        pages.append(text_of(visitor.get(address)))
        token = re.findall(r'"X-CSRFToken": "([^"]+)"', pages[-1])[0]
        own.append({Duel.objects.latest("pk").code, token, escape(prompt)})
    for page, words in zip(pages, own, strict=True):
        assert {word for word in set.union(*own) if word in page} == words
    assert [page.count(word) for page in pages] == [times, 0, times]
    assert len({re.sub("|".join(words), "", page) for page, words in zip(pages, own, strict=True)}) == 2


def test_a_reaction_by_htmx_gives_what_the_page_shows_after_a_reload(client: Client, duel: Duel) -> None:
    fields = {"liking": "like", "reasons": ["useful", "clear"]}
    part = client.post(
        f"{duel.get_absolute_url()}turns/1/a/reaction/", fields, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert part_of(client.get(duel.get_absolute_url()), part)


def test_a_page_whose_side_was_started_again_elsewhere_loads_itself_again(client: Client, duel: Duel) -> None:
    Answer.objects.filter(side="a").update(state=Answer.State.STREAMING)
    by_htmx = {"HX-Request": "true"}
    assert client.get(f"{duel.get_absolute_url()}next/", headers=by_htmx)["HX-Refresh"] == "true"
    response = client.post(f"{duel.get_absolute_url()}vote/", {"choice": "a"}, headers=by_htmx)
    assert (response.status_code, response["HX-Refresh"]) == (409, "true")


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("voted", [False, True])
def test_the_queries_of_a_duel_do_not_grow_with_its_turns(
    client: Client, duel: Duel, cast_of_two: tuple[LanguageModel, LanguageModel], voted: bool
) -> None:
    if voted:
        cast.vote(duel)
    LanguageModel.objects.playable().keep_listed()  # else the first page does
    with_one_turn = queries_of(client, duel.get_absolute_url())
    for _ in range(5):
        cast.add_turn(duel, *cast_of_two)
    assert queries_of(client, duel.get_absolute_url()) == with_one_turn


def test_a_failed_side_is_shown_and_can_be_tried_again_by_its_letter(client: Client, duel: Duel) -> None:
    Answer.objects.filter(side="b").update(state=Answer.State.FAILED, failure=Answer.Failure.CUT)
    page = text_of(client.get(duel.get_absolute_url()))
    assert "La réponse s’est interrompue en chemin." in page
    assert "Relancer la réponse B" in page
    assert "Relancer la réponse A" not in page


def test_a_full_context_is_not_tried_again(client: Client, duel: Duel) -> None:
    Answer.objects.filter(side="b").update(state=Answer.State.FAILED, failure=Answer.Failure.CONTEXT_FULL)
    page = text_of(client.get(duel.get_absolute_url()))
    assert "à vous de voter" in page
    assert "Relancer" not in page
    assert 'name="choice"' in page


def test_two_sides_without_a_word_leave_only_another_try_or_the_way_out(client: Client, duel: Duel) -> None:
    Answer.objects.update(state=Answer.State.FAILED, failure=Answer.Failure.SILENT, text="")
    page = text_of(client.get(duel.get_absolute_url()))
    assert 'name="choice"' not in page
    assert "Relancer la réponse A" in page
    assert "Commencer un autre duel" in page


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("turns/1/a/reaction/", {"liking": "a lot"}),
        ("second-vote/", {"choice": "everybody"}),
    ],
)
def test_what_no_form_of_ours_sends_is_answered_by_a_whole_page(
    client: Client, duel: Duel, path: str, sent: dict[str, str]
) -> None:
    response = client.post(f"{duel.get_absolute_url()}{path}", sent)
    assert response.status_code == 422
    assert "<h1>Demande incomprise</h1>" in text_of(response)
