"""The events that end or restart an answer, and their publication from outside a worker's event loop."""

import logging
from collections.abc import Sequence

import redis

from duels import valkey
from duels.answers.answer_html import answer_html
from duels.lifecycle import stream_key
from duels.models import Answer
from duels.relay.redis_stream import ENDPOINT, Event, append_each, html_data, unshown_key

logger = logging.getLogger(__name__)


def final_event(answer: Answer) -> tuple[str, str]:
    """Name and data of the event that ends an answer: `done`, or `failed` with the failure."""
    return ("failed", answer.failure) if answer.state == Answer.State.FAILED else ("done", "")


def publish_final_event(answer: Answer) -> None:
    """End, on open pages, an answer that ended without a worker; what was written of it is rendered whole."""
    answer.refresh_from_db()
    events = [("html", html_data(answer_html(answer), None))] if answer.text else []
    _publish(answer, *(Event(f"{answer.side}-{name}", data) for name, data in [*events, final_event(answer)]))


def publish_restart(answer: Answer) -> None:
    """Announce that this side starts again, so that pages do not take its earlier failure for its end."""
    _publish(answer, Event(f"{answer.side}-start"), unshown=[Event(f"{answer.side}-{ENDPOINT}")])


def _publish(answer: Answer, *events: Event, unshown: Sequence[Event] = ()) -> None:
    """Append the events to the stream; without Valkey, pages read the database when they reconnect."""
    key = stream_key(answer.turn)
    try:
        append_each(valkey.client(), {key: events, unshown_key(key): unshown})
    except redis.RedisError as error:
        logger.warning("an event of answer %s is not published: %s", answer.pk, type(error).__name__)
