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
    r"l’aire « $\pi r^2$ », d’où $x$ ; puis $y$ !": ["« <math", "</math> ;", "</math> !"],
    r"coût : $c = 5 \text{ \$}$": ["<mtext>", "alttext="],
    r"$$x = 1 \tag{2}\label{a}$$": ["(2)"],
    r"donc \boxed{42}": ['<mrow class="boxed">'],
    "$`x_1`$": ["<msub>", 'alttext="x_1"'],
    "```math\nx^2\n```": ["<msup>"],
    r"$\mbox{a}$, $\AA$": ["<mtext>", "<mover"],
    "CO$_2$, H$_2$O, 10$^{-3}$": ["CO<math", "</math>O", "<msup>"],
    r"SO$_4^{2-}$ et (a)$^2$": ["<msubsup>", "(a)<math"],
}


@pytest.mark.parametrize(("text", "parts"), FORMULAS.items(), ids=FORMULAS.keys())
def test_a_formula_becomes_mathml(text: str, parts: list[str]) -> None:
    html = to_html(text)
    assert "<math" in html and "$" not in html.replace(r"\$", "").replace("$<", "<")
    assert "<ul>\n<li>b" not in html
    assert [part for part in parts if part not in html and part != "<mi>.</mi>"] == []


@pytest.mark.parametrize(
    "text",
    [
        "de 5 $ à 7 $", "$5 and $10", "entre 5$-7$", "$5 vs $7, so 12$", "US$5 et US$7", "$5/$7",
        "$10 + $5 = $15", "gratuit ou 3,50 $.", "$ 5 et $ 7", "`$x$`", "$$$",
        "$HOME/bin:$PATH", "prix de $10k à $20k, puis 5 $, 7 $ et 9 $", "$1 = un, $2 = deux", "$5M ou $10M*2",
        "a$_POST et b$_GET",
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


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (r"De l’eau : \ce{H2O}, gelée", r"\ce{H2O}"),
        (r"Soit \( \frac{a}{b", r"\( \frac{a}{b"),
        ("Donc\n\n\\[\n\\frac{a}{b", "\\[\n\\frac{a}{b"),
        ("$$\nx_1 + x_2*", "$$\nx_1 + x_2*"),
        ("\\begin{align}\na &= b", "\\begin{align}\na &amp;= b"),
        (r"\begin{itemize} \item a \end{itemize} fin", r"\begin{itemize} \item a \end{itemize}"),
    ],
)
def test_a_formula_cut_off_or_unknown_stays_readable_source(text: str, source: str) -> None:
    assert f'<code class="formula" dir="ltr">{source}</code>' in to_html(text)


@pytest.mark.parametrize(
    "text", [r"\[lien\](https://a.example)", r"\(par exemple\)", "$$ et $$", r"\(ouvert"]
)
def test_words_between_marks_of_formulas_stay_words(text: str) -> None:
    html = to_html(text)
    assert "<math" not in html and "formula" not in html


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
