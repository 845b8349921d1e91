"""The backend that tests play with keeps the rules of the real ones."""

import threading

import pytest

from backends.base import Backend, BackendError, Chunk, FailureReason, FinishReason, Message, Usage
from backends.scripted import ScriptedBackend

QUESTION = [Message("user", "Oui ?")]


def test_it_plays_strings_chunks_and_usage_in_order() -> None:
    backend: Backend = ScriptedBackend([Chunk("Voyons", reasoning=True), "Oui", Usage(3, 2, 1)])
    stream = backend.stream(QUESTION)
    assert list(stream) == [Chunk("Voyons", reasoning=True), Chunk("Oui"), Usage(3, 2, 1)]
    assert stream.end is FinishReason.COMPLETE


def test_it_plays_the_same_again_and_remembers_the_questions() -> None:
    backend = ScriptedBackend(["Oui"])
    assert [list(backend.stream(QUESTION)) for _ in range(2)] == [[Chunk("Oui")], [Chunk("Oui")]]
    assert backend.received == [tuple(QUESTION), tuple(QUESTION)]


def test_it_fails_where_the_script_says() -> None:
    heard: list[object] = []
    stream = ScriptedBackend(["Ou", BackendError(FailureReason.CONNECTION_LOST), "i"]).stream(QUESTION)
    with pytest.raises(BackendError) as raised:
        heard.extend(item for item in stream)
    assert raised.value.reason is FailureReason.CONNECTION_LOST
    assert stream.end is None


def test_close_ends_it_while_it_waits() -> None:
    stream = ScriptedBackend(["Oui"], seconds_between=60).stream(QUESTION)
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()
    stream.close()
    reader.join(timeout=1.0)
    assert not reader.is_alive()
    assert stream.end is FinishReason.STOPPED


def test_leaving_the_block_closes_it() -> None:
    with ScriptedBackend(["O", "u", "i"]).stream(QUESTION) as stream:
        items = iter(stream)
        assert next(items) == Chunk("O")
    assert list(items) == []
    assert stream.end is FinishReason.STOPPED


def test_leaving_the_loop_stops_it() -> None:
    stream = ScriptedBackend(["O", "u", "i"]).stream(QUESTION)
    for _ in stream:
        break
    assert stream.end is FinishReason.STOPPED
