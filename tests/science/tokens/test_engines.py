import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.tokens.engines import split_text
from science.tokens.vocabularies import VOCABULARIES, engine

PROSE = (
    "Au début,  l'été 2024, il n'y avait «\u00a0rien\u00a0» :\n\n    def f(x):\n\treturn x  # 12345\r\n"
    "Then — he said — they'll COUNT THEM ALL… 中文 words too !  \n Fin."
) * 3
CUT_IN_PARTS = [key for key in VOCABULARIES if key not in ("mistral_v1", "gemma3")]


@given(text=st.text(alphabet="ab \n\x1c\u0301"), max_chars=st.integers(1, 7))
def test_parts_are_short_and_joined_give_the_text_back(text: str, max_chars: int) -> None:
    pieces = list(split_text(text, max_chars))
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= max_chars


def test_a_part_ends_where_a_word_ends() -> None:
    assert list(split_text("un deux  trois\n quatre", 9)) == ["un deux", "  trois\n ", "quatre"]


@pytest.mark.parametrize("vocabulary", CUT_IN_PARTS)
def test_the_tokens_of_the_parts_of_a_prose_are_those_of_the_whole(vocabulary: str) -> None:
    cutter = engine(vocabulary)
    for max_chars in (30, 45, 60):
        pieces = list(split_text(PROSE, max_chars))
        assert len(pieces) > 5
        assert [id_ for piece in pieces for id_ in cutter.encode(piece)] == cutter.encode(PROSE)
