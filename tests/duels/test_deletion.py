"""A visitor deletes their duels, one or all; old ones go by themselves; nothing of them is left."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import psycopg
import pytest
import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models.signals import post_delete
from django.test import Client
from django.utils import timezone

from conso_duel.celery import app
from conso_duel.tasks import delete_expired
from duels import deletion, lifecycle, valkey, visitors
from duels.models import Answer, Duel, Guess, Reaction, SecondVote, Share, Turn, Vote, VoteComment
from duels.relay.pacer import PacedTurn
from duels.relay.redis_stream import Event, append, unshown_key
from duels.sharing import links
from duels.votes import voting
from duels.worker.claims import claim_turn
from duels.worker.generation import generate
from duels.worker.runtime import WorkerRuntime
from models_registry.models import Endpoint, LanguageModel
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer
from tests.visitor import Visitor
from tests.waiting import wait_until

KINDS = (Duel, Turn, Answer, Reaction, Vote, VoteComment, Guess, SecondVote, Share)


@pytest.fixture
def two(db: None) -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


def full_duel(two: tuple[LanguageModel, LanguageModel], visitor: str) -> Duel:
    """A duel with one row of each kind, at least."""
    duel = cast.make_duel(*two, visitor=visitor)
    voting.set_reaction(Answer.objects.filter(turn__duel=duel)[0], "like", ["clear"])
    comment = VoteComment(side="a", reasons=["clear"], comment="Bien dit.")
    voting.cast_vote(duel, "a", [comment], bet=("a", 2))
    voting.cast_second_vote(Duel.objects.get(pk=duel.pk), "b")
    links.create_link(Duel.objects.get(pk=duel.pk), with_text=True)
    return duel


def delete_url(duel: Duel) -> str:
    return f"{duel.get_absolute_url()}delete/"


def test_one_duel_goes_with_all_it_holds_and_the_others_stay(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    visitor = cast.visitor_in(client)
    going, staying = full_duel(two, visitor), full_duel(two, visitor)
    before = [kind.objects.count() for kind in KINDS]
    page = client.post(delete_url(going), follow=True)
    assert "Le duel est supprimé." in page.content.decode()
    assert [kind.objects.count() * 2 for kind in KINDS] == before
    assert Duel.objects.get() == staying
    assert client.get(going.get_absolute_url()).status_code == 404
    assert client.post(delete_url(going)).status_code == 404


def test_the_link_that_shared_it_leads_nowhere_any_more(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = full_duel(two, cast.visitor_in(client))
    link = links.url_for(Share.objects.get())
    assert cast.PROMPT in client.get(link).content.decode()
    client.post(delete_url(duel))
    page = client.get(link)
    assert page.status_code == 404
    assert cast.PROMPT not in page.content.decode()


def test_looking_at_the_question_deletes_nothing(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    prompt = "<b>Mon secret</b>"
    duel = cast.make_duel(*two, prompt=prompt, visitor=cast.visitor_in(client))
    page = client.get(delete_url(duel)).content.decode()
    assert "&lt;b&gt;Mon secret&lt;/b&gt;" in page
    assert not any(model.name in page for model in two)
    assert "Votre vote reste compté" not in page
    cast.vote(duel)
    assert "Votre vote reste compté" in client.get(delete_url(duel)).content.decode()
    client.get("/duels/delete/")
    assert Duel.objects.count() == 1


def test_nobody_deletes_the_duel_of_another_even_shared(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = full_duel(two, cast.A_VISITOR)
    for stranger in (Client(), client):
        assert stranger.get(delete_url(duel)).status_code == 404
        assert stranger.post(delete_url(duel)).status_code == 404
        stranger.post("/duels/delete/")
        cast.visitor_in(client)
    assert Duel.objects.count() == 1


def test_another_site_deletes_nothing(two: tuple[LanguageModel, LanguageModel]) -> None:
    strict = Client(enforce_csrf_checks=True)
    duel = full_duel(two, cast.visitor_in(strict))
    assert strict.post(delete_url(duel)).status_code == 403
    assert strict.post("/duels/delete/").status_code == 403
    assert Duel.objects.count() == 1


@pytest.mark.slow
def test_all_go_at_once_and_the_browser_is_nobody_s_again(
    client: Client, two: tuple[LanguageModel, LanguageModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "BATCH_SIZE", 2)
    visitor = cast.visitor_in(client)
    for _ in range(5):
        full_duel(two, visitor)
    other = full_duel(two, cast.A_VISITOR)
    assert "<strong>5 duels</strong>" in client.get("/duels/delete/").content.decode()
    page = client.post("/duels/delete/", follow=True).content.decode()
    assert "Tous vos duels sont supprimés" in page
    assert "Aucun duel pour l’instant." in page
    assert Duel.objects.get() == other
    assert client.cookies[visitors.COOKIE].value == ""


def test_who_has_no_duel_reads_so(client: Client, db: None) -> None:
    assert "il n’y a rien à supprimer" in client.get("/duels/delete/").content.decode()
    assert client.post("/duels/delete/").status_code == 303


def test_nothing_is_left_in_valkey_of_what_pages_were_sent(
    client: Client, two: tuple[LanguageModel, LanguageModel], valkey_client: redis.Redis
) -> None:
    duel = cast.make_duel(*two, visitor=cast.visitor_in(client))
    key = lifecycle.stream_key(duel.last_turn)
    for written in (key, unshown_key(key)):
        append(valkey.client(), written, [Event("a-start"), Event("a-chunk", "Confidence"), Event("a-done")])
    client.post(delete_url(duel))
    assert valkey_client.exists(key, unshown_key(key)) == 0


def test_without_valkey_a_duel_is_deleted_all_the_same(
    client: Client, two: tuple[LanguageModel, LanguageModel], without_valkey: None
) -> None:
    duel = cast.make_duel(*two, visitor=cast.visitor_in(client), state=Answer.State.STREAMING)
    assert client.post(delete_url(duel)).status_code == 303
    assert not Duel.objects.exists()


def test_a_duel_that_is_being_answered_stops_and_goes(visitor: Visitor, upstream: Upstream) -> None:
    never = threading.Event()
    upstream.play(PETIT, answer("Il était ", never, "une fois"))
    upstream.play(GRAND, answer("Jadis, ", never, "il y a longtemps"))
    duel = visitor.open_duel("Raconte")
    assert upstream.wait_until(lambda server: server.active == 2)
    stream = visitor.newest_stream(duel)
    assert visitor.post(f"{duel}delete/").status_code == 200
    assert upstream.wait_until(lambda server: server.active == 0)
    assert visitor.http.get(stream).status_code == 404
    assert not Duel.objects.exists()
    upstream.play(PETIT, answer("Encore."))
    upstream.play(GRAND, answer("Toujours."))
    following = visitor.follow(visitor.open_duel("Et maintenant ?"))
    assert set(following.text.values()) == {"Encore.", "Toujours."}


def test_an_answer_that_was_just_taken_is_not_asked_for_once_its_duel_is_gone(
    pair: None, upstream: Upstream, valkey_server: str
) -> None:
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    duel = cast.make_duel(petit, grand, state=Answer.State.WAITING)
    with WorkerRuntime() as worker:
        claimed_after = time.monotonic()
        claimed, _ = claim_turn(duel.last_turn.pk)
        deletion.delete(Duel.objects.all())
        key = lifecycle.stream_key(claimed.answer.turn)
        assert upstream.wait_until(lambda _: worker.cancellations.is_recorded(key))
        assert worker.run(generate(claimed, worker, claimed_after, PacedTurn(1))) is False
    assert upstream.requests == []


def test_a_page_that_still_follows_a_deleted_duel_receives_its_end(
    visitor: Visitor, upstream: Upstream
) -> None:
    never = threading.Event()
    upstream.play(PETIT, answer("Il était ", never))
    upstream.play(GRAND, answer("Jadis, ", never))
    duel = visitor.open_duel("Raconte")
    events = visitor.events(visitor.newest_stream(duel))
    assert next(events).name.endswith("-start")
    visitor.post(f"{duel}delete/")
    deleted = time.monotonic()
    assert "end" in {event.name for event in events}
    assert time.monotonic() - deleted < 5  # not the 15 s after which a silent stream is closed


def test_duels_older_than_the_site_keeps_any_go_by_themselves(
    two: tuple[LanguageModel, LanguageModel],
) -> None:
    old, young = full_duel(two, cast.A_VISITOR), full_duel(two, cast.A_VISITOR)
    days = timedelta(days=settings.KEEP_DUELS_DAYS)
    Duel.objects.filter(pk=old.pk).update(created_at=timezone.now() - days - timedelta(minutes=1))
    Duel.objects.filter(pk=young.pk).update(created_at=timezone.now() - days + timedelta(minutes=1))
    delete_expired()
    assert Duel.objects.get() == young


def test_many_old_duels_go_in_portions(
    two: tuple[LanguageModel, LanguageModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "BATCH_SIZE", 2)
    for _ in range(5):
        cast.make_duel(*two)
    assert deletion.delete_expired(timezone.now() + timedelta(days=settings.KEEP_DUELS_DAYS, minutes=1)) == 5
    assert not Duel.objects.exists()


def test_the_publisher_deletes_a_duel_by_its_address_or_by_its_link(
    two: tuple[LanguageModel, LanguageModel],
) -> None:
    first, second, staying = (full_duel(two, cast.A_VISITOR) for _ in range(3))
    addresses = [f"https://duel.example{first.get_absolute_url()}#turn-1", links.url_for(second.share)]
    call_command("delete_duels", *addresses)
    assert Duel.objects.get() == staying


@pytest.mark.parametrize(
    "address", ["/duels/inconnu/", "/resultats/x/", "/nulle-part/", "/", "http://[", "/modeles/petit-3b/"]
)
def test_an_address_of_no_duel_deletes_none(two: tuple[LanguageModel, LanguageModel], address: str) -> None:
    duel = full_duel(two, cast.A_VISITOR)
    with pytest.raises(CommandError, match="Aucun duel à cette adresse"):
        call_command("delete_duels", duel.get_absolute_url(), address)
    assert Duel.objects.exists()


def test_the_clock_asks_for_it() -> None:
    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert delete_expired.name in tasks


def test_whoever_has_a_stored_duel_can_still_delete_it(visitor: Visitor) -> None:
    visitor.follow(visitor.open_duel("Bonjour"))
    cookie = next(cookie for cookie in visitor.http.cookies.jar if cookie.name == visitors.COOKIE)
    gone_by_itself = Duel.objects.get().created_at + timedelta(days=settings.KEEP_DUELS_DAYS)
    assert cookie.expires is not None
    assert cookie.expires >= int(gone_by_itself.timestamp())


@pytest.fixture
def lock_waits(transactional_db: None) -> Callable[[], int]:
    """How many statements on the database wait for a lock; asked on a connection of its own."""

    def count() -> int:
        with psycopg.connect(**connection.get_connection_params()) as own:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            row = own.execute(waiting).fetchone()
        return int(row[0]) if row else 0

    return count


def in_thread(work: Callable[[], object]) -> Future[object]:
    """Run in a thread that closes its connection to the database at its end."""
    result: Future[object] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except Exception as error:
            result.set_exception(error)
        finally:
            connections.close_all()

    threading.Thread(target=run).start()
    return result


CHANGES: dict[str, Callable[[Duel], object]] = {
    "vote": lambda duel: voting.cast_vote(duel, "b", bet=("b", 10)),
    "second vote": lambda duel: voting.cast_second_vote(duel, "a"),
    "reaction": lambda duel: voting.set_reaction(Answer.objects.filter(turn__duel=duel)[0], "dislike", []),
    "link": lambda duel: links.create_link(duel, with_text=False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_while_its_duel_is_being_deleted_waits_without_a_deadlock(
    name: str, lock_waits: Callable[[], int]
) -> None:
    """The deletion stands still before its last table, until the change waits for it."""
    duel = full_duel((cast.petit_3b(), cast.grand_70b()), "ab12")
    if name == "vote":
        Vote.objects.all().delete()
        duel = Duel.objects.get(pk=duel.pk)
    change: list[Future[object]] = []

    def change_meanwhile(sender: type, **_: object) -> None:
        if not change:
            change.append(in_thread(lambda: CHANGES[name](duel)))
            wait_until(lambda: lock_waits() or change[0].done())

    post_delete.connect(change_meanwhile, sender=Turn)
    try:
        deletion.delete(Duel.objects.filter(pk=duel.pk))
    finally:
        post_delete.disconnect(change_meanwhile, sender=Turn)
    with pytest.raises(lifecycle.InvalidState):
        change[0].result(timeout=30)
    assert [kind.objects.count() for kind in KINDS] == [0] * len(KINDS)
