"""One model's server against all: what it may report, and what it may send."""

import pytest

from duels.models import Answer
from models_registry.admin.endpoints import describe_miscount
from models_registry.models import Endpoint
from models_registry.spending import spent_today_eur
from science import tokens
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import DONE, Script, Upstream, event, raw, usage_event
from tests.visitor import Visitor

TEXT = "Le ciel est bleu parce que l’air diffuse mieux la lumière bleue. " * 20


def counting(tokens_out: int) -> Script:
    return raw(event({"content": TEXT}), event({}, "stop"), usage_event(20, tokens_out), DONE)


@pytest.mark.usefixtures("worker", "trio")
@pytest.mark.parametrize("reported", [0, 1, 10**9])
def test_a_count_that_cannot_be_is_marked_explained_and_not_paid(
    web: str, upstream: Upstream, reported: int
) -> None:
    upstream.play(PETIT, counting(reported))
    upstream.play(GRAND, counting(tokens.count(TEXT)))
    Endpoint.objects.update(price_out_eur=1, daily_cap_eur=1)
    with Visitor(web) as visitor:
        page = visitor.post("/duels/", prompt="Bonjour", mode="chosen", first=PETIT, second=GRAND)
        visitor.follow(page.url.path)
        revealed = visitor.post(f"{page.url.path}vote/", choice="a").text
    own = tokens.count(TEXT)
    sources = dict(Answer.objects.values_list("model__slug", "count_source"))
    assert sources == {PETIT: "replaced", GRAND: "reported"}
    assert set(Answer.objects.values_list("tokens_out", flat=True)) == {own}
    assert "le compte annoncé par le serveur est impossible" in revealed
    endpoint = Endpoint.objects.get(provider_model=PETIT)
    assert spent_today_eur(endpoint.pk) == pytest.approx(own / 1e6)
    assert str(own) in describe_miscount(endpoint)
