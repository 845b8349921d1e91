"""An endpoint that has reached its daily cap is not available until the next day."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from models_registry.admin.filters import with_health
from models_registry.forms import EndpointForm
from models_registry.models import Endpoint, Health, LanguageModel
from models_registry.spending import Spending, spent_today_eur
from tests import cast

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 5, 4, 23, 30, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def endpoint() -> Endpoint:
    """2 euros per million tokens read, 8 per million written, 1 euro a day at most."""
    endpoint = cast.petit_3b().endpoints.get()
    endpoint.price_in_eur, endpoint.price_out_eur, endpoint.daily_cap_eur = 2, 8, 1
    endpoint.save()
    return endpoint


def test_each_answer_adds_its_price(endpoint: Endpoint) -> None:
    endpoint.record_spending(tokens_in=1_000, tokens_out=500)
    endpoint.record_spending(tokens_in=0, tokens_out=250)
    assert spent_today_eur(endpoint.pk) == pytest.approx(0.002 + 0.004 + 0.002)


def test_at_its_cap_the_model_is_no_longer_drawn(endpoint: Endpoint) -> None:
    endpoint.record_spending(0, 124_999)
    assert LanguageModel.objects.playable().exists()
    endpoint.record_spending(0, 1)
    assert not LanguageModel.objects.playable().exists()
    assert endpoint.health == Health.CAPPED
    assert list(Endpoint.objects.filter(with_health(Health.CAPPED))) == [endpoint]


def test_the_next_day_it_answers_again(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [EVENING]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])
    endpoint.record_spending(0, 125_000)
    assert not Endpoint.objects.available().exists()
    now[0] = EVENING + timedelta(hours=1)
    assert Endpoint.objects.available().get() == endpoint
    assert spent_today_eur(endpoint.pk) == 0


def test_a_free_endpoint_keeps_no_account() -> None:
    endpoint = cast.petit_3b().endpoints.get()
    endpoint.record_spending(1_000_000, 1_000_000)
    assert not Spending.objects.exists()


def test_a_cap_of_nothing_is_spent_from_the_start(endpoint: Endpoint) -> None:
    Endpoint.objects.update(daily_cap_eur=0)
    assert not Endpoint.objects.available().exists()


def test_another_endpoint_of_the_model_takes_over(endpoint: Endpoint) -> None:
    own = Endpoint.objects.create(
        model=endpoint.model, base_url=cast.NOWHERE, provider_model="b", priority=20
    )
    assert list(Endpoint.objects.available()) == [endpoint, own]
    endpoint.record_spending(0, 125_000)
    assert list(Endpoint.objects.available()) == [own]


def test_a_cap_without_a_price_is_refused(endpoint: Endpoint) -> None:
    fields = {name: getattr(endpoint, name) for name in EndpointForm.Meta.fields}
    form = EndpointForm(fields | {"price_in_eur": 0, "price_out_eur": 0}, instance=endpoint)
    assert set(form.errors) == {"daily_cap_eur"}


def test_spending_is_asked_of_the_database_once_for_the_whole_draw(
    endpoint: Endpoint, django_assert_num_queries: object
) -> None:
    for number in range(5):
        facts: dict[str, object] = {"architecture": "dense", "total_params_b": 7.0, "weight_bits": 16}
        cast.make_model(f"autre-{number}", f"Autre {number}", "Atelier", cast.NOWHERE, facts)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(LanguageModel.objects.playable()) == 6
