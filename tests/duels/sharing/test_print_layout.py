"""What fits on the printed sheet: cut between lines or between words, never short of room."""

from hypothesis import given
from hypothesis import strategies as st

from duels.sharing.print_layout import CUT, fit

LINE = "douze lettres"


def test_a_short_text_is_whole() -> None:
    fitted = fit("Une ligne.\n\nUne autre.", 10, 50)
    assert (fitted.text, fitted.is_cut) == ("Une ligne.\n\nUne autre.", False)
    assert 2 < fitted.lines < 4


def test_a_long_paragraph_is_cut_between_words() -> None:
    fitted = fit(" ".join([LINE] * 20), 3, 30)
    assert fitted.is_cut
    assert fitted.text.removesuffix(CUT).split()[-1] in ("douze", "lettres")
    assert 60 < len(fitted.text) <= 3 * 30 + 1


def test_a_text_without_spaces_is_cut_between_letters() -> None:
    assert fit("天" * 100, 3, 30).text == "天" * 45 + CUT


def test_a_text_of_many_lines_is_cut_after_the_last_that_fits() -> None:
    fitted = fit("\n".join(f"- point {number}" for number in range(30)), 5, 50)
    assert fitted.text.splitlines()[:4] == ["- point 0", "- point 1", "- point 2", "- point 3"]
    assert fitted.text.endswith(CUT)


def test_a_table_or_a_program_is_cut_between_its_lines() -> None:
    table = "|a|b|\n|-|-|\n" + "|un mot|un autre|\n" * 20
    assert fit(table, 8, 50).text.splitlines()[-2:] == ["|un mot|un autre|", CUT]
    program = "```python\n" + "x = 1  # une ligne de programme\n" * 20 + "```"
    assert fit(program, 8, 50).text.splitlines()[-2:] == ["x = 1  # une ligne de programme", CUT]


def test_wide_letters_take_twice_the_room() -> None:
    assert fit("天" * 100, 40, 50).lines == fit("e" * 200, 40, 50).lines


def test_without_room_nothing_but_the_sign_is_left() -> None:
    assert fit("Bonjour", 0, 50).text == CUT


@given(st.text(alphabet="aé |#-`\n天\t", max_size=400), st.integers(0, 20), st.integers(10, 60))
def test_what_is_kept_begins_the_text_and_never_takes_more_than_the_room(
    text: str, lines: int, columns: int
) -> None:
    fitted = fit(text, lines, columns)
    assert fitted.lines <= lines or not fitted.is_cut
    if fitted.is_cut:
        kept = fitted.text.removesuffix(CUT)
        assert "\n".join(text.splitlines()).startswith(kept.removesuffix("\n"))
        assert fit(kept, lines, columns).lines <= lines
    else:
        assert fitted.text == text
