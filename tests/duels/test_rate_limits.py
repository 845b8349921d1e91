"""Too many questions get a sentence that says when to come back, and the text again; no address is stored."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from duels import valkey
from duels.lifecycle import stream_key
from duels.models import Answer, Duel, Turn
from duels.rate_limits import format_delay, release_slots
from models_registry.models import Endpoint, LanguageModel
from tests import cast
from tests.duels.pages.test_duel import typed

pytestmark = pytest.mark.django_db

QUESTION = "Pourquoi la mer est-elle salée ?"
ADDRESS = "203.0.113.77"


@pytest.fixture
def trio(db: None) -> list[LanguageModel]:
    """Two models of the house, and an expensive one."""
    models = [cast.petit_3b(), cast.grand_70b(), cast.secret()]
    Endpoint.objects.filter(model=models[2]).update(price_out_eur=60)
    return models


def ask(client: Client, address: str = ADDRESS, **fields: str) -> HttpResponse:
    return client.post("/duels/", {"prompt": QUESTION, **fields}, REMOTE_ADDR=address)


def finish_all() -> None:
    """Every turn ends, as its worker would end it."""
    Answer.objects.update(state=Answer.State.DONE, text="Voilà.")
    for turn in Turn.objects.select_related("duel"):
        release_slots(stream_key(turn))


def assert_refused(response: HttpResponse, sentence: str) -> None:
    assert response.status_code == 429
    assert sentence in response.content.decode()
    assert typed(response) == QUESTION


def test_who_asks_too_much_reads_when_to_come_back_and_keeps_the_question(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_SESSION_PER_HOUR = 2
    cast.visitor_in(client)
    assert [ask(client).status_code for _ in range(2)] == [303, 303]
    refused = ask(client)
    assert_refused(refused, "Vous avez posé beaucoup de questions en peu de temps. Revenez dans 30 minutes.")
    assert 1_790 <= int(refused["Retry-After"]) <= 1_800
    assert Duel.objects.count() == 2


def test_another_visitor_of_the_same_address_is_not_hindered(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_SESSION_PER_HOUR = 1
    cast.visitor_in(client)
    ask(client)
    assert ask(client).status_code == 429
    neighbour = Client()
    cast.visitor_in(neighbour)
    assert ask(neighbour).status_code == 303


def test_an_address_has_its_limit_whatever_the_sessions(
    trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_ADDRESS_PER_HOUR = 3
    assert [ask(Client()).status_code for _ in range(3)] == [303] * 3
    assert_refused(ask(Client()), "d’autres partagent peut-être. Revenez dans 20 minutes.")
    assert ask(Client(), address="203.0.113.78").status_code == 303


@pytest.mark.slow
def test_a_class_of_thirty_behind_one_address_asks_at_once(trio: list[LanguageModel]) -> None:
    pupils = [Client() for _ in range(30)]
    assert {ask(pupil).status_code for pupil in pupils for _ in range(2)} == {303}
    finish_all()
    assert {ask(pupil).status_code for pupil in pupils for _ in range(2)} == {303}


def test_duels_of_one_address_that_run_at_the_same_time_are_limited_without_any_cookie(
    trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_RUNNING_ADDRESS = 3
    assert [ask(Client()).status_code for _ in range(3)] == [303] * 3
    assert_refused(ask(Client()), "Beaucoup de duels sont en cours en ce moment sur votre connexion")
    assert ask(Client(), address="203.0.113.78").status_code == 303
    finish_all()
    assert ask(Client()).status_code == 303


def test_a_network_of_ipv6_counts_as_four_addresses(trio: list[LanguageModel], settings: Settings) -> None:
    settings.LIMIT_RUNNING_ADDRESS = 1
    subnets = [ask(Client(), address=f"2001:db8:7:{subnet}::1").status_code for subnet in range(5)]
    assert subnets == [303] * 4 + [429]
    assert ask(Client(), address="2001:db8:8:1::1").status_code == 303


@pytest.mark.slow
def test_a_few_addresses_spend_half_of_the_day_of_the_site_at_most(
    trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_SITE_PER_DAY = 20  # of which one, light, is every address's own
    busy = [ask(Client(), address=f"203.0.113.{number % 3}").status_code for number in range(30)]
    assert busy.count(303) == 3 + 10
    assert ask(Client(), address="203.0.113.99").status_code == 303


def test_a_model_that_answers_too_many_is_not_drawn_and_who_chooses_it_takes_another(
    trio: list[LanguageModel], settings: Settings
) -> None:
    settings.WORKER_THREADS, settings.LIMIT_EXPENSIVE_ADDRESS_PER_DAY = 8, 0
    cast.melange_117b()
    chosen = {"mode": "chosen", "first": "secret-1", "second": "petit-3b"}
    statuses = [ask(Client(), f"203.0.113.{last}", **chosen).status_code for last in range(5)]
    assert statuses == [303] * 4 + [429]
    assert_refused(ask(Client(), "203.0.113.9", **chosen), "prenez-en un autre")
    assert ask(Client(), "203.0.113.9").status_code == 303
    drawn = {answer.model.slug for answer in Duel.objects.first().last_turn.answers.all()}
    assert drawn == {"grand-70b", "melange-117b"}


def test_what_cannot_be_stored_holds_no_slot(
    client: Client, trio: list[LanguageModel], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMIT_RUNNING_ADDRESS = 1
    with monkeypatch.context() as broken:
        broken.setattr(Duel.objects, "create", lambda **_: (_ for _ in ()).throw(OperationalError()))
        assert ask(client).status_code == 503
    assert ask(client).status_code == 303


def test_the_neighbours_of_an_ipv6_address_are_one_household(
    trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_ADDRESS_PER_HOUR = 1
    assert ask(Client(), address="2001:db8:1:2::aa").status_code == 303
    assert ask(Client(), address="2001:db8:1:2:ffff::bb").status_code == 429
    assert ask(Client(), address="2001:db8:1:3::aa").status_code == 303


def test_the_whole_site_has_a_limit_of_the_day(trio: list[LanguageModel], settings: Settings) -> None:
    settings.LIMIT_SITE_PER_DAY = 2
    assert [ask(Client(), address=f"203.0.113.{last}").status_code for last in (1, 2, 3)] == [303, 303, 429]


def test_behind_a_proxy_the_address_is_the_one_it_was_asked_from(
    trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_ADDRESS_PER_HOUR, settings.PROXIES = 1, 1

    def through_proxy(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return Client(headers=headers).post("/duels/", {"prompt": QUESTION}).status_code

    assert through_proxy("203.0.113.1") == 303
    assert through_proxy("198.51.100.9, 203.0.113.1") == 429  # what a visitor writes in front changes nothing
    assert through_proxy("203.0.113.2") == 303


def test_addresses_that_cannot_be_read_share_one_limit_and_the_log_says_so(
    trio: list[LanguageModel], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LIMIT_ADDRESS_PER_HOUR, settings.PROXIES = 1, 1
    assert ask(Client()).status_code == 303
    assert ask(Client(), HTTP_X_FORWARDED_FOR="inconnue").status_code == 429
    assert caplog.text.count("the address of a visitor cannot be read") == 1
    assert ADDRESS not in caplog.text


def test_duels_that_run_at_the_same_time_are_limited_until_one_ends(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_RUNNING_DUELS = 2
    cast.visitor_in(client)
    assert [ask(client).status_code for _ in range(2)] == [303, 303]
    assert_refused(ask(client), "Vos autres duels sont encore en cours")
    finish_all()
    assert ask(client).status_code == 303


def test_a_follow_up_counts_and_its_text_is_shown_again(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_SESSION_PER_HOUR = 1
    duel = cast.make_duel(trio[0], trio[1], visitor=cast.visitor_in(client))
    url = f"{duel.get_absolute_url()}turns/"
    assert client.post(url, {"prompt": "Et le lac ?"}).status_code == 303
    finish_all()
    refused = client.post(url, {"prompt": QUESTION})
    assert_refused(refused, "Revenez dans une heure.")
    assert "Retry-After" in refused
    assert duel.turns.count() == 2


def test_a_second_try_counts_too(client: Client, trio: list[LanguageModel], settings: Settings) -> None:
    settings.LIMIT_ADDRESS_PER_HOUR = 1
    duel = cast.make_duel(trio[0], trio[1], visitor=cast.visitor_in(client))
    ask(client, address="127.0.0.1")
    Answer.objects.filter(turn__duel=duel, side="a").update(state=Answer.State.FAILED, text="")
    refused = client.post(f"{duel.get_absolute_url()}retry/", {"side": "a"})
    assert refused.status_code == 429
    assert "Revenez dans une heure." in refused.content.decode()


def test_votes_and_pages_are_never_refused(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_SESSION_PER_HOUR = settings.LIMIT_ADDRESS_PER_HOUR = settings.LIMIT_SITE_PER_DAY = 1
    duel = cast.make_duel(trio[0], trio[1], visitor=cast.visitor_in(client))
    ask(client)
    assert ask(client).status_code == 429
    assert client.get("/").status_code == client.get(duel.get_absolute_url()).status_code == 200
    assert client.post(f"{duel.get_absolute_url()}vote/", {"choice": "a"}).status_code == 303


@pytest.mark.slow
def test_once_their_share_is_spent_expensive_models_leave_the_draw_without_a_word(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_EXPENSIVE_SESSION_PER_DAY, settings.LIMIT_RUNNING_DUELS = 3, 0
    cast.visitor_in(client)
    assert {ask(client).status_code for _ in range(40)} == {303}
    assert Answer.objects.filter(model=trio[2]).count() == 3


def test_who_chooses_an_expensive_model_too_often_is_advised_to_take_another(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_EXPENSIVE_ADDRESS_PER_DAY = 1
    chosen = {"mode": "chosen", "first": "secret-1", "second": "petit-3b"}
    assert ask(client, **chosen).status_code == 303
    assert_refused(ask(client, **chosen), "prenez-en un autre, ou revenez dans 24 heures.")
    assert ask(client, mode="chosen", first="grand-70b", second="petit-3b").status_code == 303


def test_what_was_drawn_blind_does_not_show_in_what_may_still_be_chosen(
    client: Client, trio: list[LanguageModel], settings: Settings
) -> None:
    settings.LIMIT_EXPENSIVE_SESSION_PER_DAY, settings.LIMIT_RUNNING_DUELS = 2, 0
    LanguageModel.objects.filter(pk=trio[0].pk).delete()
    cast.visitor_in(client)
    assert [ask(client).status_code for _ in range(2)] == [303, 303]
    assert Answer.objects.filter(model=trio[2]).count() == 2  # of two models, both are drawn each time
    chosen = {"mode": "chosen", "first": "secret-1", "second": "grand-70b"}
    assert [ask(client, **chosen).status_code for _ in range(3)] == [303, 303, 429]


def test_all_limits_can_be_lifted(client: Client, trio: list[LanguageModel], settings: Settings) -> None:
    settings.LIMIT_SESSION_PER_HOUR = settings.LIMIT_ADDRESS_PER_HOUR = settings.LIMIT_SITE_PER_DAY = 0
    settings.LIMIT_RUNNING_DUELS = settings.LIMIT_EXPENSIVE_SESSION_PER_DAY = 0
    settings.LIMIT_RUNNING_ADDRESS = 0
    settings.LIMIT_EXPENSIVE_ADDRESS_PER_DAY = 0
    assert {ask(client).status_code for _ in range(20)} == {303}
    assert not list(valkey.client().scan_iter("limit:*"))


def test_redis_keeps_no_address_and_forgets_what_it_keeps(client: Client, trio: list[LanguageModel]) -> None:
    Endpoint.objects.update(price_out_eur=0)
    ask(client)
    ask(client)
    keys = list(valkey.client().scan_iter("limit:*"))
    assert len(keys) == 4
    keys += valkey.client().scan_iter("running:*")
    assert not [key for key in keys if ADDRESS in key]
    never_forgotten = -1
    assert all(never_forgotten != valkey.client().ttl(key) <= 86_400 for key in keys)


@pytest.mark.parametrize(
    ("seconds", "formatted"),
    [(1, "dans une minute"), (61, "dans 2 minutes"), (3_540, "dans 59 minutes"), (3_541, "dans une heure")],
)
def test_the_wait_is_shown_rounded_up(seconds: int, formatted: str) -> None:
    with translation.override("fr"):
        assert format_delay(seconds) == formatted
