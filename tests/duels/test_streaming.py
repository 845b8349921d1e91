"""From a scripted upstream through a real worker, a real Valkey and a real ASGI server to a reader."""

import threading
import time

import pytest

from backends.openai.client import MAX_CHARACTERS
from duels.markdown import to_html
from duels.models import Answer
from models_registry.models import Endpoint
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import (
    SECRET_ERROR,
    Script,
    Upstream,
    answer,
    burst,
    burst_text,
    cut_characters,
    dies_after,
    hangs_after,
    long_answer,
    nonsense,
    refuses,
    silent,
)
from tests.visitor import FollowedStream, Visitor
from tests.waiting import wait_until

STOP_SECONDS = 10  # a busy machine included; left alone, the models of these tests never end
WORDS = [f"mot {number}, " for number in range(40)]


def text_of(model: str) -> str:
    return Answer.objects.get(model__slug=model).text


def side_of(model: str) -> str:
    return Answer.objects.get(model__slug=model).side


def other(side: str) -> str:
    return "b" if side == "a" else "a"


def test_both_sides_arrive_whole_in_the_promised_events(visitor: Visitor) -> None:
    following = visitor.follow(visitor.open_duel("Bonjour"))
    assert set(following.text.values()) == {"Je suis bref.", "Je suis long."}
    expected = {f"{side}-{kind}" for side in "ab" for kind in ("start", "chunk", "html", "done")} | {"end"}
    assert set(following.names) == expected
    assert following.names[-1] == "end"


def test_a_late_start_reads_all_the_text(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    duel = visitor.open_duel("Bonjour")
    url = visitor.newest_stream(duel)
    FollowedStream().read(visitor.events(url), at_most=6)  # some words are there
    following = FollowedStream()
    following.read(visitor.events(url))
    assert following.text[side_of(PETIT)] == "".join(WORDS)


def test_a_reader_who_comes_after_the_end_reads_all_the_text(visitor: Visitor) -> None:
    duel = visitor.open_duel("Bonjour")
    url = visitor.newest_stream(duel)
    first, second = FollowedStream(), FollowedStream()
    first.read(visitor.events(url))
    second.read(visitor.events(url))
    assert second.is_over
    assert second.text == first.text
    assert visitor.stream_url(duel) is None


@pytest.mark.parametrize("turn", ["0", "2", "99999999999999999999"])
def test_a_turn_that_does_not_exist_has_no_stream(visitor: Visitor, turn: str) -> None:
    assert visitor.http.get(f"{visitor.open_duel('Bonjour')}turns/{turn}/stream/").status_code == 404


def test_three_dropped_connections_lose_and_double_nothing(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.03))
    upstream.play(GRAND, answer(*WORDS, delay_seconds=0.03))
    url = visitor.newest_stream(visitor.open_duel("Bonjour"))
    following = FollowedStream()
    for _ in range(3):
        following.read(visitor.events(url, following.last_id), at_most=5)
        assert not following.is_over
    following.read(visitor.events(url, following.last_id))
    assert following.is_over
    assert following.text == {"a": "".join(WORDS), "b": "".join(WORDS)}


def test_a_replay_from_the_start_heals_instead_of_doubling(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    url = visitor.newest_stream(visitor.open_duel("Bonjour"))
    following = FollowedStream()
    following.read(visitor.events(url), at_most=6)
    following.read(visitor.events(url))
    assert following.text[side_of(PETIT)] == "".join(WORDS)


def test_two_tabs_at_once_read_the_same(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    url = visitor.newest_stream(visitor.open_duel("Bonjour"))
    tabs = [FollowedStream(), FollowedStream()]
    threads = [threading.Thread(target=tab.read, args=[visitor.events(url)]) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert tabs[0].text == tabs[1].text
    assert tabs[0].text[side_of(PETIT)] == "".join(WORDS)


def test_a_burst_of_3000_chunks_arrives_whole_in_few_events(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, burst())
    following = visitor.follow(visitor.open_duel("Bonjour"))
    assert following.text[side_of(PETIT)] == burst_text() == text_of(PETIT)
    assert len(following.names) < 1_000


def test_characters_cut_between_chunks_are_whole(visitor: Visitor, upstream: Upstream) -> None:
    text = "Été à l’œuvre : 🌍👩‍🚀 « 漢字 »"
    upstream.play(PETIT, cut_characters(text))
    following = visitor.follow(visitor.open_duel("Bonjour"))
    assert following.text[side_of(PETIT)] == text == text_of(PETIT)


def test_text_that_looks_like_html_or_events_arrives_as_it_is(visitor: Visitor, upstream: Upstream) -> None:
    text = "<b>gras</b> &amp; &lt;\r\nevent: end\n\ndata: rien\rfin\n\n"
    upstream.play(PETIT, answer(text))
    following = visitor.follow(visitor.open_duel("Bonjour"))
    assert following.text[side_of(PETIT)] == text == text_of(PETIT)
    assert "<b>" not in following.html[side_of(PETIT)]


FAILING = {
    "401": refuses(401),
    "429": refuses(429),
    "500": refuses(500),
    "nonsense": nonsense(),
}


@pytest.mark.parametrize("script", FAILING.values(), ids=FAILING.keys())
def test_a_side_that_fails_harms_the_other_in_nothing(
    visitor: Visitor, upstream: Upstream, script: Script
) -> None:
    upstream.play(PETIT, script)
    duel = visitor.open_duel("Bonjour")
    following = visitor.follow(duel)
    failed = side_of(PETIT)
    assert following.endings[failed].name == f"{failed}-failed"
    assert following.text[other(failed)] == "Je suis long."
    seen = visitor.http.get(duel).text + "".join(event.data for event in following.endings.values())
    assert SECRET_ERROR not in seen
    assert "Ce modèle ne répond pas pour le moment." in following.endings[failed].data
    assert "Wi-Fi" not in seen


def test_what_was_written_before_the_upstream_died_is_stored(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, dies_after("Il était ", "une fois", delay_seconds=0.05))
    following = visitor.follow(visitor.open_duel("Bonjour"))
    failed = side_of(PETIT)
    assert following.endings[failed].name == f"{failed}-failed"
    assert following.text[failed] == "Il était une fois" == text_of(PETIT)


def test_a_model_that_never_says_a_word_is_left_after_its_time(visitor: Visitor, upstream: Upstream) -> None:
    Endpoint.objects.update(timeout_seconds=1)
    upstream.play(PETIT, silent())
    following = visitor.follow(visitor.open_duel("Bonjour"))
    failed = side_of(PETIT)
    assert "n’a rien répondu" in following.endings[failed].data
    assert following.text[other(failed)] == "Je suis long."


def test_a_model_that_only_thinks_has_failed_and_can_be_tried_again(
    visitor: Visitor, upstream: Upstream
) -> None:
    upstream.play(PETIT, answer(reasoning=["Voyons ", "voir."]))
    duel = visitor.open_duel("Bonjour")
    following = visitor.follow(duel)
    failed = side_of(PETIT)
    assert "n’a rien répondu" in following.endings[failed].data
    assert f"Relancer la réponse {failed.upper()}" in visitor.http.get(duel).text
    upstream.play(PETIT, answer("Bleu.", reasoning=["Voyons."]))
    visitor.post(f"{duel}retry/", side=failed)
    assert visitor.follow(duel).text[failed] == "Bleu."


@pytest.mark.parametrize(
    ("finish_reason", "said"),
    [("length", "a atteint sa limite de longueur"), ("content_filter", "arrêtée par le filtre")],
)
def test_an_answer_that_was_cut_says_so_live_and_later(
    visitor: Visitor, upstream: Upstream, finish_reason: str, said: str
) -> None:
    upstream.play(PETIT, answer("Il était une", finish_reason=finish_reason))
    duel = visitor.open_duel("Bonjour")
    url, side = visitor.newest_stream(duel), side_of(PETIT)
    for _ in range(2):  # as it is written, then from the database
        events_by_name = {event.name: event.data for event in visitor.events(url)}
        assert said in events_by_name[f"{side}-cut"]
        assert f"{side}-done" in events_by_name
        assert f"{other(side)}-cut" not in events_by_name
    assert visitor.http.get(duel).text.count(said) == 1


MARKDOWN = "## Titre 🌍\n\nDu **texte**.\n\n- un\n- deux\n\n```python\nx = 1\n```\n\nFin."


def test_blocks_come_as_html_before_the_answer_ends(visitor: Visitor, upstream: Upstream) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer(*MARKDOWN, gate, " Et fin."))
    url = visitor.newest_stream(visitor.open_duel("Bonjour"))
    side, following = side_of(PETIT), FollowedStream()
    for event in visitor.events(url):
        following.read(iter([event]))
        if following.raw[side].decode("utf-16-le") == "Fin." and following.text[side] == MARKDOWN:
            gate.set()
            break
    assert following.html[side] == to_html(MARKDOWN).removesuffix("<p>Fin.</p>\n")
    following.read(visitor.events(url, following.last_id))
    assert following.html[side] == to_html(text_of(PETIT))
    assert not following.raw[side]


@pytest.mark.parametrize("at_most", [1, 3, 5])
def test_dropped_connections_lose_and_double_no_block(
    visitor: Visitor, upstream: Upstream, at_most: int
) -> None:
    """Within an entry, too: chunks and blocks are sent together."""
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*MARKDOWN, delay_seconds=0.005))
    url, following = visitor.newest_stream(visitor.open_duel("Bonjour")), FollowedStream()
    for _ in range(10):
        if not following.is_over:
            following.read(visitor.events(url, following.last_id), at_most=at_most)
    if not following.is_over:
        following.read(visitor.events(url, following.last_id))
    stored = FollowedStream()
    stored.read(visitor.events(url))
    assert following.html == stored.html == dict.fromkeys("ab", to_html(MARKDOWN))
    assert following.text == stored.text
    assert not any([*following.raw.values(), *stored.raw.values()])


def test_an_answer_that_is_interrupted_is_rendered_whole(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, dies_after("Il **était**\n\n", "une `fois", delay_seconds=0.05))
    following = visitor.follow(visitor.open_duel("Bonjour"))
    side = side_of(PETIT)
    assert following.endings[side].name == f"{side}-failed"
    assert (
        following.html[side]
        == to_html(text_of(PETIT))
        == "<p>Il <strong>était</strong></p>\n<p>une `fois</p>\n"
    )
    assert not following.raw[side]


def test_50000_tokens_arrive_up_to_the_limit_of_the_platform(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, long_answer())
    following = visitor.follow(visitor.open_duel("Bonjour"))
    side = side_of(PETIT)
    assert following.endings[side].name == f"{side}-done"
    stored = text_of(PETIT)
    assert following.text[side] == stored
    assert burst_text(50_000).startswith(stored)
    assert len(stored) == MAX_CHARACTERS
    assert Answer.objects.get(model__slug=PETIT).truncation == Answer.Truncation.TOO_LONG


def test_reasoning_is_announced_but_its_text_is_not_sent(visitor: Visitor, upstream: Upstream) -> None:
    gate, asked = threading.Event(), time.monotonic()
    upstream.play(PETIT, answer(gate, "Bleu.", reasoning=["Voyons ", "<voir>."]))
    duel = visitor.open_duel("Bonjour")
    live, url = FollowedStream(), visitor.newest_stream(duel)

    def has_begun_to_reason() -> bool:
        live.read(visitor.events(url), at_most=len(live.names) + 1)
        return any(live.reasoning.values())

    wait_until(has_begun_to_reason)
    passed_seconds = time.monotonic() - asked
    gate.set()
    following = visitor.follow(duel)
    written = Answer.objects.get(model__slug=PETIT)
    assert written.reasoning == "Voyons <voir>."
    assert 0 <= int(live.reasoning[written.side]) <= round(passed_seconds)
    seen = [*live.reasoning.values(), *live.text.values(), *following.reasoning.values()]
    assert "voir" not in "".join([*seen, *following.text.values()])
    assert following.text[written.side] == "Bleu." == written.text
    assert (written.tokens_out, written.reasoning_tokens) == (1, 2)
    assert written.count_source == Answer.CountSource.REPORTED


def test_without_a_reported_usage_the_tokens_are_counted_and_it_is_said(
    visitor: Visitor, upstream: Upstream
) -> None:
    upstream.play(PETIT, answer("Le ciel est bleu.", usage=False))
    visitor.follow(visitor.open_duel("Bonjour"))
    written = Answer.objects.get(model__slug=PETIT)
    assert written.tokens_out == 5
    assert written.count_source == Answer.CountSource.COUNTED


def test_stop_closes_the_upstreams_long_before_they_end_and_keeps_the_text(
    visitor: Visitor, upstream: Upstream
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, hangs_after("Début"))
    duel = visitor.open_duel("Bonjour")
    following = FollowedStream()
    url = visitor.newest_stream(duel)
    following.read(visitor.events(url), at_most=4)
    visitor.post(f"{duel}stop/")
    assert upstream.wait_until(lambda server: server.active == 0, timeout_seconds=STOP_SECONDS)
    following.read(visitor.events(url, following.last_id))
    assert following.is_over
    stopped = Answer.objects.filter(state=Answer.State.DONE, stopped=True, text="Début")
    assert stopped.count() == 2


def test_stop_reaches_a_model_that_is_silent(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, silent(mute=True))
    upstream.play(GRAND, silent())
    duel = visitor.open_duel("Bonjour")
    assert upstream.wait_until(lambda server: server.active == 2)
    visitor.post(f"{duel}stop/")
    assert upstream.wait_until(lambda server: server.active == 0, timeout_seconds=STOP_SECONDS)
    assert visitor.follow(duel).is_over


def test_a_model_that_fails_before_its_first_word_is_replaced_in_silence(
    visitor: Visitor, upstream: Upstream
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, Script([gate], status=500))
    upstream.play("melange-117b", answer("Je remplace."))
    duel = visitor.open_duel("Bonjour")
    cast.melange_117b(upstream.url)  # only now: it must not be drawn for the duel itself
    gate.set()
    following = visitor.follow(duel)
    assert "Je remplace." in following.text.values()
    assert not any(name.endswith("failed") for name in following.names)
    assert set(Answer.objects.values_list("model__slug", flat=True)) == {GRAND, "melange-117b"}


def test_a_second_endpoint_answers_when_the_first_fails(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, refuses(500))
    upstream.play("petit-secours", answer("Par l’autre porte."))
    model = Endpoint.objects.get(provider_model=PETIT).model
    Endpoint.objects.create(model=model, base_url=upstream.url, provider_model="petit-secours", priority=20)
    visitor.follow(visitor.open_duel("Bonjour"))
    written = Answer.objects.get(model=model)
    assert written.text == "Par l’autre porte."
    assert written.endpoint is not None
    assert written.endpoint.provider_model == "petit-secours"
    assert Endpoint.objects.get(provider_model=PETIT).consecutive_failures == 1


def test_a_failed_side_can_be_tried_again(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, refuses(500))
    duel = visitor.open_duel("Bonjour")
    visitor.follow(duel)
    upstream.play(PETIT, answer("Me revoilà."))
    visitor.post(f"{duel}retry/", side=side_of(PETIT))
    following = visitor.follow(duel)
    assert following.text[side_of(PETIT)] == "Me revoilà."
    assert set(Answer.objects.values_list("state", flat=True)) == {Answer.State.DONE}


def test_each_side_keeps_its_own_history(visitor: Visitor, upstream: Upstream) -> None:
    duel = visitor.open_duel("Première question")
    visitor.follow(duel)
    visitor.post(f"{duel}turns/", prompt="Seconde question")
    visitor.follow(duel)
    last = [request for request in upstream.requests if request.body["model"] == PETIT][-1]
    assert [(message["role"], message["content"]) for message in last.messages] == [
        ("user", "Première question"),
        ("assistant", "Je suis bref."),
        ("user", "Seconde question"),
    ]


def test_a_full_context_is_announced_and_leads_to_the_vote(visitor: Visitor, upstream: Upstream) -> None:
    duel = visitor.open_duel("Première question")
    visitor.follow(duel)
    upstream.play(PETIT, refuses(400, "too long", code="context_length_exceeded"))
    visitor.post(f"{duel}turns/", prompt="Seconde question")
    following = visitor.follow(duel)
    assert "dépasse ce que ce modèle peut relire" in following.endings[side_of_turn(2)].data
    assert "à vous de voter" in visitor.http.get(duel).text
    assert visitor.post(f"{duel}vote/", choice="a").status_code == 200


def side_of_turn(number: int) -> str:
    return Answer.objects.get(model__slug=PETIT, turn__number=number).side
