"""Failures of a server as the breaker of its endpoint counts them: one for each visitor and each prompt.

Otherwise one visitor who retries, or one question that a server cannot take, would pause a model for all,
and its absence from the lists would tell which model was asked.
"""

import logging

import redis
from django.utils.crypto import salted_hmac

from duels import valkey
from models_registry.models import Endpoint

logger = logging.getLogger(__name__)

SAME_SECONDS = 3_600  # for which another failure of the same visitor, or of the same prompt, is not counted
ALONE_SECONDS = 60  # for which what one visitor alone has met may pause a model at a server's word


def record_failure(
    endpoint: Endpoint, words: str, retry_after_seconds: float | None, visitor: str, prompt: str
) -> None:
    """Count a failure, or only keep its words where this visitor or this prompt has had one already.

    A pause that the server asks for begins at once, and lasts as long as asked once a second visitor with
    another prompt has met a failure as well. « Too many requests » without a delay counts like the others: it
    may be over in a second, and the questions beside it were answered.
    """
    if not _is_new(endpoint.pk, visitor, prompt):
        endpoint.record_refusal(words)
        return
    if retry_after_seconds and not endpoint.consecutive_failures:
        retry_after_seconds = min(retry_after_seconds, ALONE_SECONDS)
    endpoint.record_failure(words, retry_after_seconds)


def _is_new(endpoint_id: int, visitor: str, prompt: str) -> bool:
    """Whether neither the visitor nor the prompt has seen this endpoint fail; without Valkey, yes."""
    digest = salted_hmac("duels.failure", prompt, algorithm="sha256").hexdigest()
    try:
        with valkey.client().pipeline(transaction=False) as pipeline:
            for subject in (visitor, digest):
                pipeline.set(f"failure:{endpoint_id}:{subject}", "", nx=True, ex=SAME_SECONDS)
            return all(pipeline.execute())
    except redis.RedisError as error:
        logger.warning("a failure is counted as it comes: %s", type(error).__name__)
        return True
