"""Markdown beside the standard is read as its model meant it."""

import re

import pytest

from duels.markdown import to_html


def outline(html: str) -> str:
    """The tags of lists and the words, without blanks."""
    return re.sub(r"\s|</?p>", "", html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "1. Un\n  - a\n  - b\n2. Deux\n  - c",
            "<ol><li>Un<ul><li>a</li><li>b</li></ul></li><li>Deux<ul><li>c</li></ul></li></ol>",
        ),
        ("1. Un\n\n  - a\n\n2. Deux", "<ol><li>Un<ul><li>a</li></ul></li><li>Deux</li></ol>"),
        (
            "10. Dix\n  * a\n    * b\n11. Onze",
            '<olstart="10"><li>Dix<ul><li>a<ul><li>b</li></ul></li></ul></li><li>Onze</li></ol>',
        ),
        ("1) Un\n  + a\n2) Deux", "<ol><li>Un<ul><li>a</li></ul></li><li>Deux</li></ol>"),
        ("- x\n  - y\n- z", "<ul><li>x<ul><li>y</li></ul></li><li>z</li></ul>"),
        ("1. Un\n2. Deux\n\n- a\n- b", "<ol><li>Un</li><li>Deux</li></ol><ul><li>a</li><li>b</li></ul>"),
        ("1. Un\n  1. a\n    - b\n2. Deux",
         "<ol><li>Un<ol><li>a<ul><li>b</li></ul></li></ol></li><li>Deux</li></ol>"),
        ("1. Un\n   - a\n  - b\n2. Deux", "<ol><li>Un<ul><li>a</li><li>b</li></ul></li><li>Deux</li></ol>"),
        ("1. Un\n\n  Suite\n\n2. Deux", "<ol><li>UnSuite</li><li>Deux</li></ol>"),
        ("1. Un\n  > a\n2. Deux", "<ol><li>Un<blockquote>a</blockquote></li><li>Deux</li></ol>"),
        ("1. Un\n  ```\n  a\n  ```\n2. Deux",
         '<ol><li>Un<pretabindex="0"><code>a</code></pre></li><li>Deux</li></ol>'),
        ("> 1. Un\n>   - a\n> 2. Deux",
         "<blockquote><ol><li>Un<ul><li>a</li></ul></li><li>Deux</li></ol></blockquote>"),
        ("1. Un\n   - a\n2. Deux", "<ol><li>Un<ul><li>a</li></ul></li><li>Deux</li></ol>"),
    ],
)  # fmt: skip
def test_a_list_two_spaces_below_a_number_is_nested(text: str, html: str) -> None:
    assert outline(to_html(text)) == html


@pytest.mark.parametrize("code", ["1. a\n  - b", "1. a\n  1. b"])
def test_code_that_looks_like_a_list_keeps_its_spaces(code: str) -> None:
    assert code in to_html(f"```\n{code}\n```")
    quoted = code.replace("\n", "\n> ")
    assert quoted.replace(">", "&gt;") in to_html(f"```\n{quoted}\n```")


def test_a_whole_answer_in_a_fence_of_markdown_is_unwrapped() -> None:
    html = to_html("```markdown\n# T\n```python\nprint(1)\n```\nfin\n```")
    assert "<h4>T</h4>" in html and "<p>fin</p>" in html and html.count("<pre") == 1


@pytest.mark.parametrize("end", ["\n```", "\n```\n\nVoilà.", ""])
@pytest.mark.parametrize("code", ["```py\nx\n```", "```\nx\n```"])
def test_an_answer_that_begins_with_markdown_in_a_fence_is_read_as_markdown(code: str, end: str) -> None:
    html = to_html(f"```md\n# T\n\n{code}\n\nfin{end}")
    assert "<h4>T</h4>" in html and "<p>fin</p>" in html and "`" not in html
    assert html.count("<pre") == code.count("```") // 2


def test_a_fence_of_markdown_holds_the_fences_within() -> None:
    html = to_html("Voici :\n\n```md\n# T\n```python\nprint(1)\n```\nfin\n```\n\naprès")
    assert html.count("<pre") == 1
    assert html.index("fin") < html.index("</pre>") < html.index("après")


@pytest.mark.parametrize(
    "text",
    [
        "Voici :\n\n````md\n# T\n```\na\n```\nfin\n````\n\naprès",
        "```text\n```python\na\n```\nfin\n```\naprès",
        "```\nVoici\n```python\na\n```\nfin\n```\naprès",
    ],
)
def test_a_fence_that_holds_another_is_one_block_to_its_end(text: str) -> None:
    html = to_html(text)
    assert html.count("<pre") == 1
    assert html.index("fin") < html.index("</pre>") < html.index("après")


def test_two_blocks_of_code_in_a_row_stay_two() -> None:
    html = to_html("```\na\n```\ntexte\n```python\nb\n```\nfin")
    assert html.count("<pre") == 2 and "<p>texte</p>" in html and "<p>fin</p>" in html


def test_a_fence_left_open_keeps_what_follows() -> None:
    assert "fin" in to_html("```python\nprint(1)\nfin")


@pytest.mark.parametrize(
    "text",
    [
        "**Attention :**le mot",
        "***Attention :***le",
        "**«Énergie»**est",
        "**注意。**正文",
        "mot**(gras)**mot",
        "**« A »**, puis",
    ],
)
def test_bold_beside_punctuation_is_bold(text: str) -> None:
    html = to_html(text)
    assert "<strong>" in html and "**" not in html


@pytest.mark.parametrize("text", ["2 ** 3 ** 4", "a ** b", "`**x**`", r"\*\*x\*\*"])
def test_stars_that_mark_nothing_stay(text: str) -> None:
    assert "<strong>" not in to_html(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("CO<sub>2</sub>", "CO<sub>2</sub>"),
        ("10<SUP>**3**</SUP>", "10<sup><strong>3</strong></sup>"),
        ("H~2~O", "H<sub>2</sub>O"),
        ("x^2^", "x<sup>2</sup>"),
        ("un<br>deux<br/>trois", "un<br>\ndeux<br>\ntrois"),
        ("<sub >a</sub>", "<sub>a</sub>"),
        ("<sub>ouvert", "&lt;sub&gt;ouvert"),
        ("<subway>", "&lt;subway&gt;"),
        ("</sup>fermé", "&lt;/sup&gt;fermé"),
        ("de ~5 à ~10 °C", "de ~5 à ~10 °C"),
        ("~~barré~~", "<s>barré</s>"),
    ],
)
def test_indices_exponents_and_breaks_are_understood(text: str, html: str) -> None:
    assert to_html(text) == f"<p>{html}</p>\n"


def test_tasks_have_boxes_that_ask_for_no_click() -> None:
    html = outline(to_html("- [ ] lire\n- [x] **voter**\n- [lien](https://a.example)"))
    assert "☐lire" in html and "☑<strong>voter" in html and "input" not in html


def test_footnotes_stand_at_the_end_without_links_between_answers() -> None:
    html = to_html("Un fait[^1].\n\n[^1]: Sa source.")
    assert "fait<sup>[1]</sup>" in html and "Sa source." in html
    assert "href" not in html and "id=" not in html


def test_bare_links_lead_out() -> None:
    html = to_html("Voir https://exemple.fr/a_b(c)?x=1. Ou www.exemple.fr, ou a@exemple.fr.")
    assert 'href="https://exemple.fr/a_b(c)?x=1"' in html
    assert 'href="http://www.exemple.fr"' in html and 'href="mailto:a@exemple.fr"' in html


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| `a | b` | c |", "<code>a | b</code> c"),
        ("| `a || b` | `c|d` |", "<code>a || b</code> <code>c|d</code>"),
        ("| ``a|`b`` | c |", "<code>a|`b</code> c"),
        (r"| `a \| b` | c |", "<code>a | b</code> c"),
        ("| a | `b` |", "a <code>b</code>"),
        ("| a | b | c |", "a b"),
        ("| 5 $ | 7 $ | 9 $ |", "5 $ 7 $"),
        ("`a | b` | c", "<code>a | b</code> c"),
    ],
)
def test_the_sign_between_cells_separates_nothing_within_code(row: str, cells: str) -> None:
    for before, table in (("", f"| x | y |\n|---|:-:|\n{row}"), ("> ", f"> x | y\n> -|-\n> {row}")):
        html = to_html(table)
        body = html.partition("<tbody>")[2]
        assert " ".join(re.findall(r"<td>(.*?)</td>", body)) == cells, before
    assert row in to_html(f"~~~\n|x|y|\n|-|-|\n{row}\n~~~")
