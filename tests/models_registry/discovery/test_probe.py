"""Probing an endpoint: its result and the sentence for the curator."""

import pytest

from backends.base import FailureReason
from models_registry.discovery import probe
from models_registry.models import Endpoint, Health
from science import tokens
from tests.cast import NOWHERE, petit_3b
from tests.upstream import SECRET_ERROR, Upstream, answer, nonsense, refuses


def endpoint_at(upstream: Upstream, name: str, **settings: object) -> Endpoint:
    return Endpoint(base_url=upstream.url, provider_model=name, **settings)


def test_an_answer_is_returned_with_its_first_token_and_its_tokens() -> None:
    with Upstream({"calme": answer("Bonjour", " à", " vous")}) as upstream:
        result = probe.probe(endpoint_at(upstream, "calme"))
        assert upstream.requests[0].messages == [{"role": "user", "content": probe.PROMPT}]
    assert (result.text, result.failure, result.error) == ("Bonjour à vous", None, "")
    assert (result.tokens_out, result.counted) == (3, False)
    assert result.ttft_ms is not None and result.ttft_ms <= result.total_ms


def test_tokens_the_server_does_not_report_are_counted() -> None:
    with Upstream({"muet": answer("Bonjour à vous", usage=False)}) as upstream:
        result = probe.probe(endpoint_at(upstream, "muet"))
    assert result.counted
    assert result.tokens_out > 0


@pytest.mark.django_db
@pytest.mark.parametrize(("family", "vocabulary"), [("mistral_v1", "mistral_v1"), ("gemma2", "o200k")])
def test_they_are_counted_in_the_models_own_vocabulary_where_it_is_on_board(
    family: str, vocabulary: str
) -> None:
    sentence = "L’électricité s’économise aisément, n’est-ce pas ?"
    with Upstream({"petit-3b": answer(sentence, usage=False)}) as upstream:
        model = petit_3b(upstream.url, tokenizer_family=family)
        result = probe.probe(model.endpoints.get())
    assert tokens.count(sentence, "mistral_v1") > tokens.count(sentence)
    assert (result.tokens_out, result.counted) == (tokens.count(sentence, vocabulary), True)


def test_little_is_asked_whatever_the_endpoint_is_set_to() -> None:
    with Upstream({"calme": answer("Bonjour")}) as upstream:
        probe.probe(endpoint_at(upstream, "calme", max_tokens=9000, temperature=0.3, extra_body={"seed": 7}))
        body = upstream.requests[0].body
    assert (body["max_tokens"], body["temperature"], body["seed"]) == (probe.MAX_TOKENS, 0.3, 7)


def test_a_model_that_only_thought_is_marked_as_such() -> None:
    with Upstream({"penseur": answer(reasoning=["Voyons", "…"], finish_reason="length")}) as upstream:
        result = probe.probe(endpoint_at(upstream, "penseur"))
    assert result.only_reasoned
    assert result.tokens_out == 2


@pytest.mark.parametrize(
    ("script", "reason", "words"),
    [
        (refuses(401), FailureReason.UNAUTHORIZED, "refuse la clé"),
        (refuses(404), FailureReason.BAD_REQUEST, "ne connaît pas ce modèle"),
        (refuses(429), FailureReason.RATE_LIMITED, "trop de questions"),
        (refuses(503), FailureReason.UPSTREAM_ERROR, "en panne"),
        (nonsense(), FailureReason.PROTOCOL_ERROR, "ne parle pas le protocole"),
        (refuses(400), FailureReason.BAD_REQUEST, "refuse une option"),
    ],
)
def test_an_error_is_reported_in_words(script: object, reason: FailureReason, words: str) -> None:
    with Upstream({"rude": script}) as upstream:  # type: ignore[dict-item]
        result = probe.probe(endpoint_at(upstream, "rude"))
    assert result.failure is reason
    assert words in result.error


@pytest.mark.parametrize(
    ("path", "words"),
    [("/v2/chat/completions", "/v2 : mettez cette adresse"), ("/connexion?x=1", "/connexion, qui n’est pas")],
)
def test_a_redirect_to_a_page_is_reported_with_its_address(path: str, words: str) -> None:
    with Upstream({"page": nonsense()}) as there, Upstream() as here:
        here.moved_to["/v1/chat/completions"] = (302, f"http://127.0.0.1:{there.port}{path}")
        result = probe.probe(endpoint_at(here, "page"))
    assert result.failure is FailureReason.PROTOCOL_ERROR
    assert f"http://127.0.0.1:{there.port}{words}" in result.error


def test_a_server_that_is_not_there_is_reported_in_words() -> None:
    result = probe.probe(Endpoint(base_url=NOWHERE, provider_model="personne"))
    assert result.failure is FailureReason.UNREACHABLE
    assert "injoignable" in result.error


@pytest.mark.parametrize("reason", FailureReason)
def test_every_reason_has_its_sentence(reason: FailureReason) -> None:
    sentence = probe.message_for(reason)
    assert sentence.endswith(".")
    assert probe.describe_last_error(f"{reason}: 500 Oops") == f"{sentence} (500 Oops)"
    assert probe.describe_last_error(f"{reason}: ") == sentence


def test_an_error_of_another_kind_is_reported_as_it_is() -> None:
    assert probe.describe_last_error("jamais vu") == "jamais vu"
    assert probe.describe_last_error("") == ""


@pytest.mark.django_db
def test_a_trial_counts_for_the_health_of_a_stored_endpoint() -> None:
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        endpoint = petit_3b(upstream.url).endpoints.get()
        probe.probe_and_record(endpoint)
        assert Endpoint.objects.get().health == Health.ANSWERS
        upstream.play("petit-3b", refuses(401))
        probe.probe_and_record(endpoint)
        refused = Endpoint.objects.get()
        upstream.play("petit-3b", refuses(400))
        probe.probe_and_record(refused)
    stored = Endpoint.objects.get()
    assert (stored.consecutive_failures, stored.last_error.partition(":")[0]) == (1, "bad_request")
    assert stored.health == Health.FAILING
    assert SECRET_ERROR in probe.describe_last_error(stored.last_error)
