"""« Télécharger mes duels »: what is stored of a visitor's own duels, as one JSON file."""

import json
import time
from collections.abc import Iterator
from typing import Any

import redis
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duels import valkey
from duels.models import Answer, Duel, Turn
from duels.pages.responses import too_many
from duels.visitors import visitor_of
from duels.votes.vote_reasons import vote_reasons
from web.http import Request
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume

DUELS_AT_ONCE = 200
DOWNLOADS = RateLimit("downloads", 10, 3_600)
TOKENS = ("tokens_in", "tokens_out", "reasoning_tokens", "count_source", "energy_method")


@require_safe
def download(request: Request) -> HttpResponse:
    """All duels of this browser; before the vote, without anything that tells who answers."""
    visitor = visitor_of(request) or ""
    if visitor and (exceeded := exceeded_limit(visitor)):
        return too_many(request, exceeded.wait_seconds)
    file = {
        "downloaded_at": timezone.now().isoformat(),
        "reasons": {reason.code: reason.label for reason in vote_reasons()},
        "duels": list(_exported_duels(request, visitor)),
    }
    response = HttpResponse(
        json.dumps(file, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="mes-duels.json"'
    return response


def exceeded_limit(who: str) -> LimitExceeded | None:
    """The limit, where this visitor or address has exceeded it; None without Valkey, which counts."""
    try:
        return consume(valkey.client(), [Charge(DOWNLOADS, who)], time.time())
    except redis.RedisError:
        return None


def _exported_duels(request: HttpRequest, visitor: str) -> Iterator[dict[str, Any]]:
    own = Duel.objects.filter(visitor=visitor).select_related("vote", "guess", "second_vote", "share")
    related = own.prefetch_related("vote__comments", "turns__answers__reaction", "turns__answers__model")
    for duel in related.iterator(chunk_size=DUELS_AT_ONCE):
        address = request.build_absolute_uri(duel.get_absolute_url())
        yield {"address": address, **_exported_duel(duel)}


def _exported_duel(duel: Duel) -> dict[str, Any]:
    exported: dict[str, Any] = {
        "created_at": duel.created_at.isoformat(),
        "mode": duel.mode,
        "turns": [_exported_turn(turn, duel.is_revealed) for turn in duel.turns.all()],
    }
    if hasattr(duel, "guess"):
        exported["guess"] = {"side": duel.guess.side, "factor": duel.guess.factor or None}
    if duel.is_revealed:
        comments = [
            {"side": one.side, "reasons": one.reasons, "comment": one.comment}
            for one in duel.vote.comments.all()
        ]
        exported["vote"] = {"choice": duel.vote.choice, "comments": comments}
    if hasattr(duel, "second_vote"):
        exported["second_vote"] = duel.second_vote.choice
    if hasattr(duel, "share"):
        exported["shared"] = {"with_text": duel.share.with_text}
    return exported


def _exported_turn(turn: Turn, is_revealed: bool) -> dict[str, Any]:
    answers = [_exported_answer(answer, is_revealed) for answer in turn.answers.all()]
    return {"number": turn.number, "prompt": turn.prompt, "answers": answers}


def _exported_answer(answer: Answer, is_revealed: bool) -> dict[str, Any]:
    exported: dict[str, Any] = {"side": answer.side, "state": answer.state, "text": answer.text}
    if reaction := answer.reaction_or_none():
        exported["reaction"] = {"liking": reaction.liking, "reasons": reaction.reasons}
    if is_revealed:
        exported["model"] = answer.model.name
        exported["reasoning"] = answer.reasoning
        exported |= {name: getattr(answer, name) for name in TOKENS}
    return exported
