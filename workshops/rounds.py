"""The rounds of a workshop: each opens one duel, whatever the number of participants."""

import logging
import time
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import SystemRandom
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from duels import lifecycle, tasks, valkey
from duels.candidates import CandidatePool, candidate_pool
from duels.events import publish_final_event
from duels.matchmaking import Candidate, Mode, NotEnoughModels, draw_pair
from duels.models import Answer, Vote
from duels.rate_limits import DAY_SECONDS, HOUR_SECONDS
from duels.relay.cancellation import request_stop
from duels.votes.vote_counting import Voter
from duels.votes.voting import can_vote, cast_vote
from models_registry.models import LanguageModel
from recordings.models import Recording
from recordings.replays import UnknownModel, open_replay
from web.rate_limit import Charge, RateLimit, consume
from workshops.ballot_box import count_choices
from workshops.models import Round, RoundBallot, Workshop
from workshops.scenario import PAIRS

logger = logging.getLogger(__name__)
rng = SystemRandom()
# A pair drawn across two kinds of architecture is drawn at random for the rest of the code.
MODES = {
    "small_against_large": Mode.SMALL_AGAINST_LARGE,
    "two_small": Mode.TWO_SMALL,
    "same_family": Mode.SAME_FAMILY,
    "dense_against_experts": Mode.RANDOM,
    "chosen": Mode.CHOSEN,
    "random": Mode.RANDOM,
}
SILENCE_SECONDS = 30


class RoundRefused(Exception):
    """A duel that cannot be opened; the message is for the facilitator."""


def possible_pairs() -> list[str]:
    """The kinds of pairs that the models that answer now allow."""
    return [pair for pair in PAIRS if pair == "chosen" or _is_possible(pair)]


def _is_possible(pair: str) -> bool:
    try:
        _draw(candidate_pool(), pair, (), candidate_pool().candidates)
    except NotEnoughModels:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Drawn:
    """Two models for a question, the kind of pair that was asked for, and how theirs differs from it."""

    pair: str
    mode: Mode
    models: Sequence[Candidate]
    compromise: Round.Compromise


def draw(pair: str, slugs: Sequence[str] = (), avoided: frozenset[int] = frozenset()) -> Drawn:
    """Draw two models: others than the avoided where there are two, of the kind of pair where they make one.

    slugs: of the models chosen, for « chosen ». Raises RoundRefused.
    """
    pool, said = candidate_pool(), Round.Compromise
    one_left_out = [{model_id} for model_id in rng.sample(sorted(avoided), len(avoided))]
    ways: list[tuple[str, Set[int], Round.Compromise]] = [
        (pair, avoided, said.NONE),
        ("random", avoided, said.RANDOM),
        *((pair, left_out, said.AGAIN) for left_out in (*one_left_out, frozenset())),
        ("random", frozenset(), said.AGAIN),
    ]
    for kind, left_out, compromise in ways:
        candidates = [one for one in pool.candidates if one.model_id not in left_out]
        try:
            return Drawn(pair, MODES[kind], _draw(pool, kind, slugs, candidates), compromise)
        except NotEnoughModels:
            continue
    raise RoundRefused(_("Il faut deux modèles qui répondent, et il n’y en a pas deux en ce moment."))


def _draw(
    pool: CandidatePool, pair: str, slugs: Sequence[str], candidates: list[Candidate]
) -> tuple[Candidate, Candidate]:
    if pair == "chosen":
        chosen = [pool.by_slug[slug] for slug in dict.fromkeys(slugs) if slug in pool.by_slug]
        if not chosen:
            raise RoundRefused(_("Choisissez au moins un modèle."))
        return draw_pair(candidates, Mode.RANDOM, rng, chosen)
    if pair == "dense_against_experts":
        return _dense_against_experts(candidates)
    return draw_pair(candidates, MODES[pair], rng)


def _dense_against_experts(candidates: list[Candidate]) -> tuple[Candidate, Candidate]:
    """Raises NotEnoughModels."""
    architectures = dict(LanguageModel.objects.values_list("pk", "architecture"))
    dense, experts = (
        [one for one in candidates if architectures.get(one.model_id) == kind]
        for kind in (LanguageModel.Architecture.DENSE, LanguageModel.Architecture.MIXTURE_OF_EXPERTS)
    )
    pairs = list(product(dense, experts))
    if not pairs:
        raise NotEnoughModels
    first, second = rng.sample(rng.choice(pairs), 2)
    return first, second


def charge_limits(workshop: Workshop) -> None:
    """Charge one duel to the workshop and to the site, to no visitor and no address. Raises RoundRefused."""
    own = RateLimit("workshop", settings.LIMIT_WORKSHOP_DUELS_PER_HOUR, HOUR_SECONDS)
    site = RateLimit("site", settings.LIMIT_SITE_PER_DAY, DAY_SECONDS)
    try:
        client = valkey.client()
        client.ping()
        exceeded = consume(client, [Charge(own, workshop.code), Charge(site, "all")], time.time())
    except redis.RedisError:
        raise RoundRefused(_("Les duels sont en pause pour quelques instants : réessayez.")) from None
    if exceeded:
        raise RoundRefused(_("Cet atelier a lancé beaucoup de duels : attendez quelques minutes."))


def open_round(workshop: Workshop, prompt: str, drawn: Drawn) -> Round:
    """Open the duel of the present step, within the caller's transaction."""
    first, second = drawn.models
    turn = lifecycle.open_duel(
        workshop.facilitator, prompt, drawn.mode.value, (first, second), in_open_data=workshop.in_open_data
    )
    tasks.enqueue(turn)
    return create_round(workshop, duel=turn.duel, pair=drawn.pair, compromise=drawn.compromise)


def open_recorded_round(workshop: Workshop, code: str) -> Round:
    """Show a recorded duel at the present step: no model is asked, no limit charged. Raises RoundRefused."""
    recording = Recording.objects.filter(code=code).first()
    if recording is None:
        raise RoundRefused(_("Ce duel enregistré n’est pas sur ce site."))
    try:
        duel = open_replay(recording, workshop.facilitator, most_turns=1)
    except UnknownModel as error:
        raise RoundRefused(_("Un modèle de ce duel enregistré n’est pas dans le registre.")) from error
    return create_round(workshop, duel=duel)


def create_round(workshop: Workshop, **values: Any) -> Round:
    number = workshop.rounds.count() + 1
    return Round.objects.create(workshop=workshop, number=number, step_id=workshop.step_id, **values)


def open_quiz(workshop: Workshop) -> None:
    """The round of a question to the room, once; nothing at a step of another kind."""
    if workshop.phase == "question" and present_round(workshop) is None:
        create_round(workshop)


def present_round(workshop: Workshop) -> Round | None:
    """The round of the present step that no other has replaced."""
    rounds = workshop.rounds.filter(step_id=workshop.step_id, replaced_at=None)
    return rounds.select_related("duel").last()


def stop_answers(played: Round) -> None:
    """End the answers that are being written; their texts so far stay."""
    if played.duel is None or played.ready_at:
        return
    turn = lifecycle.stop(played.duel)
    try:
        request_stop(valkey.client(), lifecycle.stream_key(turn))
    except redis.RedisError as error:
        logger.warning("a round is not stopped: %s", type(error).__name__)
    for answer in turn.answers.filter(started_at=None, stopped=True):
        publish_final_event(answer)


def answers_of(played: Round) -> list[Answer]:
    """Both answers, without their models."""
    answers = Answer.objects.filter(turn__duel=played.duel_id, turn__number=1).order_by("side")
    return list(answers.select_related("turn__duel"))


def mark_ready(played: Round, answers: Sequence[Answer]) -> bool:
    """Record that both answers have ended; False where they have not, or where it is recorded."""
    if played.ready_at or not answers or not all(answer.is_finished for answer in answers):
        return False
    return bool(Round.objects.filter(pk=played.pk, ready_at=None).update(ready_at=Now()))


def is_playable(answers: Sequence[Answer]) -> bool:
    return bool(answers) and can_vote(answers)


def reveal_round(workshop: Workshop, played: Round, voter: Voter) -> None:
    """Record the reveal, once; in a workshop of the open data, the room's first choice is the duel's vote.

    It is cast after the commit: whether it counts is asked of Valkey, as for the vote of anybody.
    """
    if not Round.objects.filter(pk=played.pk, revealed_at=None).update(revealed_at=Now()):
        return
    if workshop.in_open_data and played.duel and (counts := count_choices(played, RoundBallot.Kind.BLIND)):
        ranked = sorted(counts, key=lambda choice: counts[choice], reverse=True)
        is_tied = len(ranked) > 1 and counts[ranked[0]] == counts[ranked[1]]
        if counts[ranked[0]]:
            choice = Vote.Choice.BOTH_GOOD if is_tied else ranked[0]
            transaction.on_commit(partial(cast_vote, played.duel, choice, voter=voter))
