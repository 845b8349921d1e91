"""Blocks rendered as they end add up to the HTML of the whole, at a cost that stays linear in the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duels.markdown import to_html
from duels.markdown.incremental import PARSED_PER_CHARACTER, IncrementalRenderer, Rendered, utf16_units
from tests.duels.markdown.test_markdown import FRAGMENTS, HEAVY, HOSTILE, assert_harmless

ANSWER = r"""## Pourquoi 🌍

Un paragraphe **gras** avec `code`.
Suite.

- un
- deux
  - trois

Après la liste, du texte.

1. un

2. deux
   ```python
   x = 1

   y = 2
   ```

3. trois

### Un tableau

| a | b |
|---|---|
| 1 | 2 |

```python
def f():
    return 1

print(f())
```

La formule :

\[
\begin{aligned}
a &= b \\

c &= d
\end{aligned}
\]

> citation
> suite

---

Fin."""


def pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def play(parts: list[str]) -> tuple[list[Rendered], Rendered]:
    """The HTML rendered on the way, then at the end."""
    renderer = IncrementalRenderer()
    on_the_way = [rendered for part in parts if (rendered := renderer.feed(part))]
    return on_the_way, renderer.finish()


def shown(on_the_way: list[Rendered], last: Rendered) -> str:
    """The HTML that a page shows in the end."""
    return last.html if last.units is None else "".join(one.html for one in [*on_the_way, last])


@pytest.mark.parametrize("size", [1, 4, 7, 30])
def test_each_block_is_rendered_as_it_ends_and_the_end_brings_only_the_last(size: int) -> None:
    on_the_way, last = play(pieces(ANSWER, size))
    assert len(on_the_way) >= 10
    assert last == Rendered("<p>Fin.</p>\n", 4)
    assert shown(on_the_way, last) == to_html(ANSWER)
    assert sum(one.units or 0 for one in [*on_the_way, last]) == utf16_units(ANSWER)


@pytest.mark.parametrize(
    ("begun", "ended"),
    [
        ("Un paragraphe.\n", "\n"),
        ("## Titre", "\n"),
        ("- un\n- deux\n\n", "Après"),
        ("1. un\n\n   suite\n\n", "**Fin"),
        ("```python\nx = 1\n\n# y\n", "```\n"),
        ("```markdown\n```py\nx\n```\n", "```\n\n"),
        ("```md\n```\nx\n```\n", "```\n\n"),
        ("|a|\n|-|\n|1|\n", "\n"),
        ("> cité\n", "\n"),
        ("$$\na\n\nb\n", "$$\n\n"),
        ("\\[\na\n\nb\n", "\\]\n\n"),
        ("\\begin{align}\na\n\nb\n", "\\end{align}\n\n"),
        ("$$\na\n$$ b\n\nc\n", "$$\n\n"),
        ("    x = 1\n\n    y = 2\n\n", "Suite"),
    ],
)
def test_a_block_is_held_back_until_it_has_ended(begun: str, ended: str) -> None:
    renderer = IncrementalRenderer()
    first = renderer.feed("Avant.\n\n")
    assert first and first.html == "<p>Avant.</p>\n"
    assert not [rendered for sign in begun if (rendered := renderer.feed(sign))]
    assert [rendered for sign in ended if (rendered := renderer.feed(sign))]


@pytest.mark.parametrize("size", [1, 5, 400])
@pytest.mark.parametrize("marks", ["```", "````"])
def test_a_whole_answer_in_a_fence_is_rendered_without_it_from_its_first_block_on(
    marks: str, size: int
) -> None:
    text = f"\n{marks}markdown\n# Titre\n\nTexte.\n\n```py\nx\n```\n\nFin.\n{marks}\n"
    on_the_way, last = play(pieces(text, size))
    assert last.units is not None
    assert shown(on_the_way, last) == to_html(text)
    assert "<h4>Titre</h4>\n" in [one.html for one in on_the_way] or size == 400
    assert sum(one.units or 0 for one in [*on_the_way, last]) == utf16_units(text)


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize(
    "text",
    [
        "```markdown\n# Titre\n\nTexte.\n```\n\nVoilà le fichier.",
        "```md\n# Titre\n\n```\npip install\n```\n\n- un\n```\n\nVoilà.\n\n```py\nx\n```\n\nFin.",
        "````md\n# Titre\n\n```\na\n```\n````\nVoilà.",
        "```md\n# Titre\n\nInterrompu",
    ],
)
def test_an_answer_that_begins_with_a_fence_of_markdown_goes_on_behind_it(text: str, size: int) -> None:
    on_the_way, last = play(pieces(text, size))
    assert "<h4>Titre</h4>\n" in [one.html for one in on_the_way]
    assert last.units is not None
    assert shown(on_the_way, last) == to_html(text)
    assert "`" not in to_html(text)


def test_notes_that_are_defined_at_the_end_bring_the_whole() -> None:
    text = "Le ciel[^1] est bleu.\n\nFin.\n\n[^1]: De jour."
    on_the_way, last = play(list(text))
    assert on_the_way
    assert last == Rendered(to_html(text), None)


def test_nothing_gives_nothing() -> None:
    assert play([]) == ([], Rendered("", None))


CUTS = st.integers(1, 12)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=40).map("".join), CUTS)
def test_whatever_is_written_and_however_it_is_cut_the_end_is_that_of_the_whole(text: str, size: int) -> None:
    on_the_way, last = play(pieces(text, size))
    assert shown(on_the_way, last) == to_html(text)
    for one in on_the_way:
        assert_harmless(one.html)


BLOCKS = st.sampled_from([
    "## Titre", "Du **texte**.\nSuite.", "- un\n- deux\n  - trois", "1. un\n  - deux\n\n2. trois", "> cité",
    "```md\n# Un\n\n```\nx\n```\n```", "|a|b|\n|-|-|\n|`1|1`|2|", "---",
    "|a|b|\n|-|-|\n|1|2|", "```python\nx = 1\n\ny = 2\n```", "~~~\n```\n~~~", "$$\nx^2\n$$",
    "\\[\nx\n\n= y\n\\]", "- [ ] tâche", "Prix : 5 $.", "# Un\n## Deux", "* un\n\n* deux", "Fin\n---",
])  # fmt: skip


@pytest.mark.slow
@settings(max_examples=200)
@given(st.lists(BLOCKS, min_size=2, max_size=8).map("\n\n".join), CUTS)
def test_ordinary_blocks_never_need_the_whole(text: str, size: int) -> None:
    on_the_way, last = play(pieces(text, size))
    assert shown(on_the_way, last) == to_html(text)
    assert last.units is not None or not on_the_way


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_no_text_is_parsed_over_and_over(text: str) -> None:
    text = text[:20_000]
    renderer = IncrementalRenderer()
    for part in pieces(text, 5):
        renderer.feed(part)
    assert renderer.parsed_characters <= PARSED_PER_CHARACTER * len(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_blocks_are_harmless_one_by_one(text: str) -> None:
    on_the_way, last = play(pieces(f"{text}\n\nFin.\n\n{text}", 9))
    for one in [*on_the_way, last]:
        assert_harmless(one.html)
