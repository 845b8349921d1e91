"""The backend that tests play with keeps the rules of the real ones."""

import asyncio

import pytest

from backends.base import Backend, BackendError, Chunk, FailureReason, FinishReason, Message, Usage, read_all
from backends.blocked import BlockedBackend
from backends.scripted import ScriptedBackend
from tests.backends.reading import ReadAnswer

QUESTION = [Message("user", "Oui ?")]


def test_it_plays_strings_chunks_and_usage_in_order() -> None:
    backend: Backend = ScriptedBackend([Chunk("Voyons", reasoning=True), "Oui", Usage(3, 2, 1)])
    stream = backend.stream(QUESTION)
    assert asyncio.run(read_all(stream)) == [Chunk("Voyons", reasoning=True), Chunk("Oui"), Usage(3, 2, 1)]
    assert stream.finish_reason is FinishReason.COMPLETE


def test_it_plays_the_same_again_and_keeps_the_questions() -> None:
    backend = ScriptedBackend(["Oui"])
    assert [asyncio.run(read_all(backend.stream(QUESTION))) for _ in range(2)] == [[Chunk("Oui")]] * 2
    assert backend.received == [tuple(QUESTION), tuple(QUESTION)]


def test_it_fails_where_the_script_says() -> None:
    answer = ReadAnswer(
        ScriptedBackend(["Ou", BackendError(FailureReason.CONNECTION_LOST), "i"]).stream(QUESTION)
    )
    asyncio.run(answer.read())
    assert answer.items == [Chunk("Ou")]
    assert answer.failure is FailureReason.CONNECTION_LOST
    assert answer.finish_reason is None


def test_cancelling_ends_it_while_it_waits() -> None:
    stream = ScriptedBackend(["Oui"], seconds_between=60).stream(QUESTION)

    async def read() -> None:
        async with asyncio.timeout(0.01):
            await read_all(stream)

    with pytest.raises(TimeoutError):
        asyncio.run(read())
    assert stream.finish_reason is None


def test_a_blocked_backend_fails_with_its_detail() -> None:
    answer = ReadAnswer(BlockedBackend("la variable n’est pas une clé").stream(QUESTION))
    asyncio.run(answer.read())
    assert answer.error is not None
    assert answer.error.reason is FailureReason.UNAUTHORIZED
    assert answer.error.detail == "la variable n’est pas une clé"
