"""A small cast of models with names that stand out in any page, and functions that make duels of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from duels import visitors
from duels.answers import consumption
from duels.answers.token_counts import token_fields
from duels.markdown import to_html
from duels.markdown.version import RENDERER_VERSION
from duels.models import Answer, Duel, Side, Turn, Vote
from models_registry.models import Endpoint, LanguageModel, Licence, Organisation

NOWHERE = "http://127.0.0.1:9/v1"  # the discard port: nobody answers
A_VISITOR = "1f" * 32
PROMPT = "Pourquoi le ciel est-il bleu ?"
ANSWERS = ("Parce que l’air diffuse mieux le bleu.", "La lumière du Soleil se disperse dans l’air.")


def petit_3b(base_url: str = NOWHERE, **facts: Any) -> LanguageModel:
    """A small dense model with open weights."""
    size = {"architecture": "dense", "total_params_b": 3.07, "weight_bits": 16}
    return make_model("petit-3b", "Petit-3B", "Fabrique Quatrevents", base_url, size | facts)


def grand_70b(base_url: str = NOWHERE, **facts: Any) -> LanguageModel:
    """A large dense model."""
    size = {"architecture": "dense", "total_params_b": 70.55, "weight_bits": 16}
    return make_model("grand-70b", "Grand-70B", "Ateliers Hautemer", base_url, size | facts)


def melange_117b(base_url: str = NOWHERE, **facts: Any) -> LanguageModel:
    """A mixture of experts that wakes a tenth of itself."""
    experts = {"experts_total": 64, "experts_active": 6}
    size = {"architecture": "mixture_of_experts", "total_params_b": 117.3, "active_params_b": 11.9}
    return make_model("melange-117b", "Mélange-117B", "Maison Septfonds", base_url, size | experts | facts)


def matriochka_8b(base_url: str = NOWHERE, **facts: Any) -> LanguageModel:
    """A MatFormer: half of it computes, the rest is looked up."""
    size = {"architecture": "matformer", "total_params_b": 7.85, "effective_params_b": 4.0, "weight_bits": 16}
    return make_model("matriochka-8b", "Matriochka-8B", "Atelier Sept-Poupées", base_url, size | facts)


def secret(base_url: str = NOWHERE, **facts: Any) -> LanguageModel:
    """A model whose maker says nothing of its size."""
    size = {
        "architecture": "undisclosed",
        "disclosed": False,
        "hypothesis_low_b": 90.0,
        "hypothesis_high_b": 610.0,
        "hypothesis_why_fr": "Le prix et la vitesse de ses réponses.",
    }
    return make_model("secret-1", "Secret-Un", "Comptoir Bouche-Cousue", base_url, size | facts)


def make_model(slug: str, name: str, maker: str, base_url: str, facts: dict[str, Any]) -> LanguageModel:
    """An enabled model with one endpoint, whose name there is its slug."""
    model = LanguageModel.objects.create(
        slug=slug,
        name=name,
        organisation=make_organisation(maker),
        licence=open_licence(),
        release_date=date(2025, 3, 14),
        status=LanguageModel.Status.ENABLED,
        **facts,
    )
    Endpoint.objects.create(model=model, base_url=base_url, provider_model=slug)
    return model


def make_organisation(name: str) -> Organisation:
    slug = name.lower().replace(" ", "-")
    facts = {"name": name, "country": "FR", "site": f"https://{slug}.example"}
    return Organisation.objects.filter(slug=slug).first() or Organisation.objects.create(slug=slug, **facts)


def open_licence() -> Licence:
    """One licence for the whole cast."""
    facts = {
        "slug": "essai-1.0",
        "name": "Licence d’essai 1.0",
        "link": "https://licence.example/1.0",
        "kind": Licence.Kind.OPEN_WEIGHTS,
        "commercial_use": Licence.Permission.YES,
        "outputs_reuse": Licence.Permission.YES,
        "sentence_fr": "Chacun peut s’en servir.",
        "sentence_en": "Anybody may use it.",
    }
    return Licence.objects.filter(slug="essai-1.0").first() or Licence.objects.create(**facts)


def make_duel(
    left: LanguageModel,
    right: LanguageModel,
    *,
    prompt: str = PROMPT,
    texts: Sequence[str] = ANSWERS,
    state: Answer.State = Answer.State.DONE,
    visitor: str = A_VISITOR,
) -> Duel:
    """A duel of one turn, `left` on side a; its answers are finished unless another state is asked for."""
    duel = Duel.objects.create(visitor=visitor)
    add_turn(duel, left, right, prompt=prompt, texts=texts, state=state)
    return duel


def add_turn(
    duel: Duel,
    left: LanguageModel,
    right: LanguageModel,
    *,
    prompt: str = PROMPT,
    texts: Sequence[str] = ANSWERS,
    state: Answer.State = Answer.State.DONE,
) -> Turn:
    """One more turn of the duel, with both answers in that state."""
    turn = Turn.objects.create(duel=duel, number=duel.turns.count() + 1, prompt=prompt)
    Answer.objects.bulk_create(
        Answer(turn=turn, side=side, model=model, state=state, **written(model, text, state))
        for side, model, text in zip(Side, (left, right), texts, strict=True)
    )
    return turn


def written(model: LanguageModel, text: str, state: Answer.State) -> dict[str, Any]:
    """The fields that a worker has stored of an answer in this state."""
    if state == Answer.State.WAITING:
        return {}
    now = timezone.now()
    started = {"started_at": now, "heartbeat_at": now, "endpoint": model.endpoints.get()}
    if state == Answer.State.STREAMING:
        return started
    if state == Answer.State.FAILED:
        return started | {"failure": Answer.Failure.UNAVAILABLE, "finished_at": now}
    html = {"html": to_html(text), "html_version": RENDERER_VERSION}
    ended = {"text": text, "ttft_ms": 120, "finished_at": now, **html}
    return started | ended | token_fields(None, text, "") | consumption.energy_fields(model.shape())


def vote(duel: Duel, choice: Vote.Choice = Vote.Choice.A) -> Vote:
    return Vote.objects.create(duel=duel, choice=choice)


def visitor_in(client: Client) -> str:
    """The visitor of this test client, so that a duel made for them is theirs."""
    if visitors.COOKIE not in client.cookies:
        client.cookies[visitors.COOKIE] = visitors.new_token()
    return visitors.hash_token(client.cookies[visitors.COOKIE].value)


def visitor_at(page: Page, address: str) -> str:
    """The visitor of this browser page, likewise."""
    word = visitors.new_token()
    page.context.add_cookies([{"name": visitors.COOKIE, "value": word, "url": address}])
    return visitors.hash_token(word)
