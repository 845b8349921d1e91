"""The selection modes as a visitor meets them: what is offered, who is drawn, who may stand in."""

from collections.abc import Iterator

import pytest
from django.test import Client

from duels.models import Answer, Duel
from duels.worker.claims import ClaimedAnswer
from duels.worker.generation import available_endpoints
from models_registry.models import LanguageModel
from tests import cast

pytestmark = pytest.mark.django_db

ALWAYS = '<option value="random" selected>'
SMALL_AGAINST_LARGE = '<option value="small_against_large">'
TWO_SMALL = '<option value="two_small">'
SAME_FAMILY = '<option value="same_family">'
CHOSEN = '<option value="chosen">'


@pytest.fixture
def petit(db: None) -> LanguageModel:
    return cast.petit_3b()


@pytest.fixture
def grand(db: None) -> LanguageModel:
    return cast.grand_70b()


@pytest.fixture
def melange(db: None) -> LanguageModel:
    return cast.melange_117b()


def models_of(duel: Duel) -> set[str]:
    return set(Answer.objects.filter(turn__duel=duel).values_list("model__slug", flat=True))


def opened(client: Client, **fields: str) -> Duel:
    """The duel that these fields open."""
    before = set(Duel.objects.values_list("pk", flat=True))
    response = client.post("/duels/", {"prompt": cast.PROMPT, **fields})
    assert response.status_code == 303, response.content.decode()
    return Duel.objects.exclude(pk__in=before).get()


def test_the_home_page_offers_the_modes_that_can_be_played(
    client: Client, petit: LanguageModel, grand: LanguageModel
) -> None:
    page = client.get("/").content.decode()
    for option in (ALWAYS, SMALL_AGAINST_LARGE, CHOSEN):
        assert option in page
    for option in (TWO_SMALL, SAME_FAMILY):
        assert option not in page


def test_without_models_the_home_page_still_asks(client: Client, db: None) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "<textarea" in response.content.decode()


def test_a_mode_that_cannot_be_played_is_refused_and_the_question_shown_again(
    client: Client, petit: LanguageModel, grand: LanguageModel
) -> None:
    response = client.post("/duels/", {"prompt": "Ma question à garder", "mode": "two_small"})
    assert response.status_code == 422
    assert "ne le permettent pas" in response.content.decode()
    assert "Ma question à garder" in response.content.decode()
    assert not Duel.objects.exists()


def test_small_against_large_keeps_both_large_models_apart(
    client: Client, petit: LanguageModel, grand: LanguageModel, melange: LanguageModel
) -> None:
    duels = [opened(client, mode="small_against_large") for _ in range(8)]
    assert all(petit.slug in models_of(duel) for duel in duels)
    assert all(duel.is_blind for duel in duels)


def test_a_chosen_model_plays_and_the_duel_does_not_count(
    client: Client, petit: LanguageModel, grand: LanguageModel, melange: LanguageModel
) -> None:
    duel = opened(client, mode="chosen", first=grand.slug)
    assert grand.slug in models_of(duel)
    assert not duel.is_blind


def test_two_chosen_models_play(
    client: Client, petit: LanguageModel, grand: LanguageModel, melange: LanguageModel
) -> None:
    duel = opened(client, mode="chosen", first=grand.slug, second=melange.slug)
    assert models_of(duel) == {grand.slug, melange.slug}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choisissez un modèle."),
        ({"first": "grand-70b", "second": "grand-70b"}, "Choisissez deux modèles différents."),
        ({"first": "disparu-9b"}, "Ce modèle ne peut pas répondre en ce moment."),
    ],
)
def test_a_choice_that_makes_no_duel_is_refused_with_its_reason(
    client: Client, petit: LanguageModel, grand: LanguageModel, fields: dict[str, str], sentence: str
) -> None:
    response = client.post("/duels/", {"prompt": cast.PROMPT, "mode": "chosen", **fields})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_models_named_in_another_mode_are_ignored(
    client: Client, petit: LanguageModel, grand: LanguageModel, melange: LanguageModel
) -> None:
    duel = opened(client, mode="small_against_large", first=grand.slug, second=melange.slug)
    assert petit.slug in models_of(duel)


def test_an_address_fills_the_form(client: Client, petit: LanguageModel, grand: LanguageModel) -> None:
    page = client.get("/?mode=chosen&model=grand-70b&prompt=Bonjour").content.decode()
    assert '<option value="chosen" selected>' in page
    assert '<option value="grand-70b" selected>' in page
    assert "Bonjour" in page


def test_an_address_with_a_model_that_does_not_answer_says_so(
    client: Client, petit: LanguageModel, grand: LanguageModel
) -> None:
    page = client.get("/?mode=chosen&model=disparu-9b").content.decode()
    assert "Ce modèle ne peut pas répondre en ce moment" in page


def test_a_mode_in_which_only_two_models_can_play_is_not_blind_and_says_so(
    client: Client, petit: LanguageModel, grand: LanguageModel
) -> None:
    duel = opened(client)
    assert not duel.is_blind
    assert "Deux modèles seulement pouvaient jouer" in client.get(duel.get_absolute_url()).content.decode()
    cast.matriochka_8b()
    assert opened(client).is_blind
    assert not opened(client, mode="two_small").is_blind


def test_the_duel_page_says_that_a_chosen_duel_does_not_count(
    client: Client, petit: LanguageModel, grand: LanguageModel, melange: LanguageModel
) -> None:
    chosen = opened(client, mode="chosen", first=grand.slug)
    blind = opened(client)
    sentence = "ne comptera pas pour le classement"
    assert sentence in client.get(chosen.get_absolute_url()).content.decode()
    assert sentence not in client.get(blind.get_absolute_url()).content.decode()


@pytest.mark.parametrize("mode", Duel.Mode.values)
def test_no_page_of_a_duel_names_a_model_before_the_vote(
    client: Client, petit: LanguageModel, grand: LanguageModel, melange: LanguageModel, mode: str
) -> None:
    duel = cast.make_duel(petit, grand, visitor=cast.visitor_in(client))
    Duel.objects.filter(pk=duel.pk).update(mode=mode)
    page = client.get(duel.get_absolute_url()).content.decode()
    assert not any(word in page for word in (petit.name, petit.slug, grand.name, grand.slug))


@pytest.fixture
def waiting(petit: LanguageModel, grand: LanguageModel, melange: LanguageModel) -> Iterator[Duel]:
    """Petit on side a, Grand on side b, both waiting; Mélange could stand in."""
    yield cast.make_duel(petit, grand, state=Answer.State.WAITING)


def endpoints_of(duel: Duel, side: str) -> list[str]:
    answer = Answer.objects.select_related("turn__duel", "model").get(turn__duel=duel, side=side)
    claimed = ClaimedAnswer(answer, answer.model.endpoints.all(), [])
    return [endpoint.provider_model for endpoint in available_endpoints(claimed)]


def test_a_drawn_model_that_is_silent_is_replaced_by_one_of_its_class(waiting: Duel) -> None:
    assert endpoints_of(waiting, "b") == ["grand-70b", "melange-117b"]
    assert models_of(waiting) == {"petit-3b", "melange-117b"}


def test_a_chosen_model_is_never_replaced(waiting: Duel) -> None:
    Duel.objects.filter(pk=waiting.pk).update(mode=Duel.Mode.CHOSEN)
    assert endpoints_of(waiting, "a") == ["petit-3b"]
    assert endpoints_of(waiting, "b") == ["grand-70b"]
    assert models_of(waiting) == {"petit-3b", "grand-70b"}


def test_whoever_stands_in_keeps_the_mode(waiting: Duel) -> None:
    Duel.objects.filter(pk=waiting.pk).update(mode=Duel.Mode.TWO_SMALL)
    assert endpoints_of(waiting, "a") == ["petit-3b"]


def test_two_silent_sides_never_end_with_the_same_model(waiting: Duel) -> None:
    assert endpoints_of(waiting, "a") == ["petit-3b", "melange-117b"]
    assert endpoints_of(waiting, "b") == ["grand-70b", "petit-3b"]
    assert models_of(waiting) == {"melange-117b", "petit-3b"}
