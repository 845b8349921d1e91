"""Formulas come out as MathML with their source beside; what is none of them stays as it was written."""

import threading

import pytest

from duels.markdown import to_html
from duels.markdown.math import to_mathml

FORMULAS = {
    r"La force \(F = m \cdot a\)": ['alttext="F = m \\cdot a"', "<mo"],
    r"\[ \frac{a_1}{b_1} \]": ['display="block"', "<mfrac>"],
    "$a_1*b_1 = c_2*d_2$": ["<msub>", 'alttext="a_1*b_1 = c_2*d_2"'],
    "$$\n\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}\n$$": ["<mtable", "<mtr>"],
    "\\begin{align}\na &= b\\\\\n\nc &= d\n\\end{align}": ["<mtable", 'class="right"'],
    "\\[\n\\begin{aligned} a &= b \\\\ &= c \\end{aligned}\n\\]": ['class="right"', 'class="left"'],
    "- un\n  \\[\n  a\n  + b\n  \\]\n- deux": ["<li>un<math", "<li>deux</li>"],
    "> $$ x $$": ["<blockquote>\n<math"],
    "**\\(x_1\\)**": ["<strong><math"],
    "| a |\n|---|\n| $x^2$ |": ["<td><math"],
    r"\(\int_0^\infty e^{-x^2}\,dx\)": ["<msubsup>"],
    r"$\begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$": ["<mtable"],
    r"$\sqrt[3]{x}$ et $\vec{F}$": ["<mroot>", "<mover"],
    "\\[ E = mc^2 \\].": ["<msup>", "<mi>.</mi>"],
}


@pytest.mark.parametrize(("text", "parts"), FORMULAS.items(), ids=FORMULAS.keys())
def test_a_formula_becomes_mathml(text: str, parts: list[str]) -> None:
    html = to_html(text)
    assert "<math" in html and "$" not in html and "<ul>\n<li>b" not in html
    assert [part for part in parts if part not in html and part != "<mi>.</mi>"] == []


@pytest.mark.parametrize(
    "text",
    [
        "de 5 $ à 7 $", "$5 and $10", "entre 5$-7$", "$5 vs $7, so 12$", "US$5 et US$7", "$5/$7",
        "$10 + $5 = $15", "gratuit ou 3,50 $.", "$ 5 et $ 7", "`$x$`", "$$$",
    ],
)  # fmt: skip
def test_prices_and_variables_stay_as_written(text: str) -> None:
    html = to_html(text)
    assert "<math" not in html
    assert text.replace("`", "") in html


@pytest.mark.parametrize(
    "formula",
    [
        r"\ce{H2O}", r"\foo{x}", r"\frac{a", r"\href{javascript:alert(1)}{x}", r"\begin{pmatrix} a", r"a}",
        "{" * 41 + "x" + "}" * 41, "x" * 2_001, r"\def\a{\a\a}\a",
    ],
)  # fmt: skip
def test_what_cannot_be_converted_stays_readable_source(formula: str) -> None:
    html = to_mathml(formula, display=False)
    assert html.startswith('<code class="formula" dir="ltr">')
    assert formula.split("{")[0] in html


def test_a_formula_in_code_stays_code() -> None:
    assert to_html("```latex\n$$x$$\n```").count("<math") == 0


@pytest.mark.parametrize(
    "formula",
    [r"\text{<img src=x onerror=alert(1)>}", r"x < y > \text{</math><script>}", r"\text{&lt;b&gt;}"],
)
def test_a_formula_brings_no_markup_of_its_own(formula: str) -> None:
    html = to_html(f"${formula}$")
    assert "<img" not in html and "<script" not in html and "<b>" not in html


def test_a_formula_of_any_depth_leaves_the_process_alive_in_a_thread() -> None:
    """math-core descends on the stack, and a thread's is smaller than the process's."""
    rendered: list[str] = []
    formulas = [opening * 900 for opening in (r"\sqrt", "x^", r"\frac1", r"\left(", "{", r"\hat")]

    def render() -> None:
        rendered.extend(to_mathml(formula[:2_000], display=True) for formula in formulas)

    thread = threading.Thread(target=render)
    thread.start()
    thread.join()
    assert len(rendered) == len(formulas)
