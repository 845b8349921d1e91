"""A row of the registry becomes the shape that energy is computed from, and a client that asks the model."""

import pytest

from backends.openai.client import OpenAICompatible
from models_registry.models import PRESUMED_WEIGHT_BITS, Endpoint, LanguageModel
from science.energy import Architecture, ModelShape
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_dense_model_is_all_active() -> None:
    shape = cast.grand_70b().shape()
    assert shape == ModelShape(Architecture.DENSE, 70.55, 70.55, 16)
    assert shape.is_disclosed


def test_a_mixture_wakes_a_part_of_itself() -> None:
    assert cast.melange_117b(weight_bits=4.25).shape() == ModelShape(
        Architecture.MIXTURE_OF_EXPERTS, 117.3, 11.9, 4.25, experts_total=64, experts_active=6
    )


def test_a_matformer_computes_with_its_effective_size() -> None:
    model = cast.petit_3b(architecture="matformer", total_params_b=5.44, effective_params_b=2.0)
    assert model.shape() == ModelShape(Architecture.MATFORMER, 5.44, effective_params_b=2.0)


def test_an_undisclosed_model_is_its_hypothesis() -> None:
    shape = cast.secret().shape()
    assert shape == ModelShape(Architecture.UNDISCLOSED, None, total_range_b=(90.0, 610.0))
    assert not shape.is_disclosed


def test_the_experts_of_a_hypothesis_have_their_own_range() -> None:
    shape = cast.secret(hypothesis_active_low_b=20.0, hypothesis_active_high_b=80.0).shape()
    assert shape.active_range_b == (20.0, 80.0)


def test_an_unpublished_precision_is_presumed() -> None:
    assert cast.petit_3b(weight_bits=None).shape().weight_bits == PRESUMED_WEIGHT_BITS


@pytest.mark.parametrize(
    "facts",
    [{"total_params_b": None}, {"total_params_b": 0.0}, {"architecture": "mixture_of_experts"}],
)
def test_facts_that_do_not_hold_together_make_no_shape(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        cast.petit_3b(**facts).shape()


def test_an_endpoint_is_a_client_with_its_own_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLE_DE_PETIT", "sk-petit")
    endpoint = cast.petit_3b("https://petit.example/v1").endpoints.get()
    endpoint.api_key_env = "CLE_DE_PETIT"
    endpoint.temperature, endpoint.max_tokens, endpoint.timeout_seconds = 0.0, 300, 7
    endpoint.extra_body = {"top_p": 0.5}
    client = endpoint.backend()
    assert isinstance(client, OpenAICompatible)
    assert (client.base_url, client.model) == ("https://petit.example/v1", "petit-3b")
    assert client.api_key == "sk-petit"
    assert client.options == {"max_tokens": 300, "top_p": 0.5, "temperature": 0.0}
    assert client.timeouts.first_token_seconds == 7


def test_a_client_without_a_key_sends_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLE_ABSENTE", raising=False)
    endpoint = cast.petit_3b().endpoints.get()
    for endpoint.api_key_env in ("", "CLE_ABSENTE"):
        client = endpoint.backend()
        assert isinstance(client, OpenAICompatible)
        assert client.api_key is None


def test_the_key_shows_in_no_text_of_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLE_DE_PETIT", "sk-petit")
    endpoint = Endpoint(base_url=cast.NOWHERE, provider_model="petit-3b", api_key_env="CLE_DE_PETIT")
    assert "sk-petit" not in f"{endpoint} {endpoint!r} {endpoint.backend()!r}"


@pytest.mark.parametrize(
    ("status", "enabled", "plays"),
    [("enabled", True, True), ("enabled", False, False), ("draft", True, False), ("archived", True, False)],
)
def test_only_an_enabled_model_with_an_enabled_endpoint_plays(
    status: str, enabled: bool, plays: bool
) -> None:
    model = cast.petit_3b()
    LanguageModel.objects.update(status=status)
    Endpoint.objects.update(enabled=enabled)
    assert list(LanguageModel.objects.playable()) == [model] * plays


def test_two_endpoints_make_one_player_and_the_preferred_is_asked_first() -> None:
    model = cast.petit_3b()
    Endpoint.objects.create(model=model, base_url=cast.NOWHERE, provider_model="premier", priority=1)
    assert list(LanguageModel.objects.playable()) == [model]
    assert [endpoint.provider_model for endpoint in Endpoint.objects.available()] == ["premier", "petit-3b"]
