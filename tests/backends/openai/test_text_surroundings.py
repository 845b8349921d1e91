"""Texts between bytes that a server repeats are read as those of events that differ."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.base import BackendError, StreamItem
from backends.openai.decoder import CompletionDecoder

CONTENTS = st.one_of(st.text(max_size=8), st.none(), st.integers(), st.lists(st.text(max_size=3), max_size=2))
RAW = [
    '"a","role":"assistant"',
    '"a","content":"b"',
    '"\\ud83e"',
    '"\\udd8a"',
    '"',
    '"a" "b"',
    '"a","b',
    'c"',
    "",
    "[",
    "]",
]
INSIDE = st.one_of(st.builds(json.dumps, CONTENTS, ensure_ascii=st.booleans()), st.sampled_from(RAW))


def read(contents: list[str], ids: list[str], size: int) -> tuple[list[list[StreamItem]], str]:
    """The output for events with these contents, `size` at once, and the failure of the whole, if any."""
    decoder = CompletionDecoder(max_characters=1_000)
    events = [
        f'data: {{"id":"{name}","choices":[{{"delta":{{"content": {content}}}}}]}}\n\n'.encode()
        for name, content in zip(ids, contents, strict=True)
    ]
    batches = [decoder.feed(b"".join(events[at : at + size])) for at in range(0, len(events), size)]
    try:
        return [*batches, decoder.finish()], type(decoder.error).__name__
    except BackendError as error:
        return batches, f"{type(decoder.error).__name__}, {error}"


@given(st.lists(INSIDE, max_size=8), st.integers(1, 4))
def test_what_surrounds_a_text_changes_nothing(contents: list[str], size: int) -> None:
    contents = [*['"Le ciel"'] * 4, *contents]
    alike, different = ["x"] * len(contents), [f"{number}" for number in range(len(contents))]
    assert read(contents, alike, size) == read(contents, different, size)


@pytest.mark.parametrize("behind", ['},"finish_reason":"stop"}]}', '},"logprobs":{"content":[]}}]}'])
def test_an_event_that_ends_otherwise_is_decoded_whole(behind: str) -> None:
    decoder = CompletionDecoder(max_characters=1_000)
    before = b'data: {"choices":[{"delta":{"content":'
    decoder.feed(before + b'"Le ciel"}}]}\n\n' + before + f'" est bleu."{behind}\n\n'.encode())
    assert decoder.has_finish_reason == ("stop" in behind)
