"""Formulas of an answer as MathML: `\\(…\\)`, `\\[…\\]`, `$…$`, `$$…$$` and LaTeX environments.

A formula that cannot be converted stays readable: its source, in a code span.
"""

import re
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from math_core import LatexError, LatexToMathML

# math-core descends into each brace on the stack of the process: a hundred thousand of them end it.
MAX_FORMULA_CHARACTERS = 2_000
MAX_NESTING = 40
MAX_EXPANSIONS = 200  # of macros that the formula itself defines
ENVIRONMENTS = {
    "equation", "align", "aligned", "gather", "gathered", "multline", "split", "alignat", "eqnarray",
    "matrix", "pmatrix", "bmatrix", "vmatrix", "Bmatrix", "Vmatrix", "cases", "array",
}  # fmt: skip
BEGIN = re.compile(r"\\begin\{([A-Za-z]{1,12}\*?)\}")
CLOSINGS = {r"\[": r"\]", "$$": "$$", r"\(": r"\)"}
# Alignment comes as inline style, which the policy of the pages forbids: a class stands for it.
CELL_STYLE = re.compile(r'<mtd style="[^"]*?text-align: (left|right)[^"]*">')
OPENING = re.compile(r"^ {0,3}(?:(\\\[|\$\$)|\\begin\{([A-Za-z]{1,12}\*?)\})", re.MULTILINE)  # of a line
# What is written in sentences is no formula: « entre 5 $ et 7 $ », « $5 million et 10$ ».
SENTENCE = re.compile(r"\s[^\W\d_]{2}|(?<![^\W\d_])[^\W\d_]{2,}\s")
WORD = re.compile(r"[a-zà-ÿ]{3}|(?<!\S)[a-zà-ÿ]{2}(?!\S)")
FORMULA_SIGN = re.compile(r"[\\^_{}=<>+*/|]")
# An index or an exponent of the word that it touches: CO$_2$, m$^{2}$.
SCRIPT = re.compile(r"(?<=[\w)\]])\$([_^](?:\w|[+^-]|\{[^{}$\n]{1,20}\}){1,4})\$")
COMMAND = re.compile(r"\\[A-Za-z]|[\^_]")
# Commands that models write without any mark around them.
BARE = re.compile(r"\\(?:ce|pu|boxed)\{(?:[^{}]|\{[^{}]*\}){1,300}\}")
BOX = '<menclose notation="box">'
# What numbers or names a formula, and other spellings of what the converter knows.
SPELLINGS = (
    (re.compile(r"\\tag\*?\{([^{}]{0,40})\}"), r"\\qquad\\text{(\1)}"),
    (re.compile(r"\\label\{[^{}]{0,80}\}|\\(?:nonumber|notag)(?![A-Za-z])"), ""),
    (re.compile(r"\\mbox(?=\{)"), r"\\text"),
    (re.compile(r"\\AA(?![A-Za-z])"), r"\\mathring{A}"),
)


def math_plugin(markdown: MarkdownIt) -> None:
    """Teach a renderer the notations of formulas, before escapes and emphasis would consume their signs."""
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list", "table"]}
    markdown.block.ruler.before("fence", "math_block", _block_rule, interrupts)
    markdown.inline.ruler.before("escape", "math", _inline_rule)
    markdown.inline.add_terminator_char("$")
    markdown.add_render_rule("math", _render)
    markdown.add_render_rule("math_block", _render)


def to_mathml(formula: str, *, display: bool) -> str:
    """MathML of a formula, with its source as alternative text; a code span where it cannot be converted.

    Never raises: unknown commands, open braces, too long or too deep a formula give the code span.
    """
    formula = formula.strip()
    try:
        if len(formula) > MAX_FORMULA_CHARACTERS or _nesting(formula) > MAX_NESTING:
            raise ValueError("too long or too deep")
        respelt = formula
        for pattern, spelling in SPELLINGS:
            respelt = pattern.sub(spelling, respelt)
        mathml = _converter().convert_with_local_state(respelt, displaystyle=display)
    except (LatexError, ValueError):
        return _as_source(formula)
    mathml = _boxed(CELL_STYLE.sub(r'<mtd class="\1">', mathml))
    scrolls = ' tabindex="0"' if display else ""  # a long one is wider than its card
    return mathml.replace("<math", f'<math alttext="{escape(" ".join(formula.split()))}"{scrolls}', 1)


def _boxed(mathml: str) -> str:
    """The boxes of a formula left to the style sheet: Firefox and WebKit draw menclose, Chromium does not."""
    if mathml.count("<menclose") != mathml.count(BOX):
        return mathml
    return mathml.replace(BOX, '<mrow class="boxed">').replace("</menclose>", "</mrow>")


def _as_source(formula: str) -> str:
    return f'<code class="formula" dir="ltr">{escape(formula)}</code>'


def open_formula(text: str) -> int | None:
    """Where a formula begins a line and is still to be closed by what follows the text; None without one."""
    position = 0
    while opening := OPENING.search(text, position):
        closing = CLOSINGS[opening[1]] if opening[1] else rf"\end{{{opening[2]}}}"
        limit = opening.end() + MAX_FORMULA_CHARACTERS + 2
        end = text.find(closing, opening.end(), limit)
        if end < 0 and limit > len(text):
            return opening.start()
        behind = end + len(closing)
        is_block = end >= 0 and not _goes_on(text[behind:].partition("\n")[0])
        position = behind if is_block else opening.end()
    return None


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False, max_expansions=MAX_EXPANSIONS)


def _nesting(formula: str) -> int:
    """How deep braces, `\\left` and environments stand in one another."""
    depth = deepest = 0
    for sign in re.finditer(r"\\(?:left|right|begin|end)(?![A-Za-z])|\\.|[{}]|[_^]", formula, re.DOTALL):
        token = sign[0]
        if token in ("{", "\\left", "\\begin"):
            depth += 1
        elif token in ("}", "\\right", "\\end"):
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


def _inline_rule(state: StateInline, silent: bool) -> bool:
    """A formula within a line of text."""
    found = (
        _bracketed(state)
        or _dollars(state)
        or _environment(state.src, state.pos, state.posMax)
        or _bare(state)
        or _unclosed(state)
    )
    if found is None:
        return False
    formula, end, display = found
    if not silent:
        token = state.push("math", "math", 0)
        token.content, token.meta = formula, {"display": display}
    state.pos = end
    return True


# The formula, the position behind it, whether it stands on a line of its own; None: it stays source.
Found = tuple[str, int, bool | None]


def _bracketed(state: StateInline) -> Found | None:
    opening = state.src[state.pos : state.pos + 2]
    if opening not in (r"\(", r"\["):
        return None
    display = opening == r"\["
    found = _until(state.src, state.pos + 2, CLOSINGS[opening], state.posMax, display=display)
    return None if found and _is_words(found[0]) else found


def _bare(state: StateInline) -> Found | None:
    found = BARE.match(state.src, state.pos, state.posMax)
    return found and (found[0], found.end(), False)


def _unclosed(state: StateInline) -> Found | None:
    """An unknown environment, or a formula that the end of the text cuts: source, its marks included."""
    text, start, limit = state.src, state.pos, state.posMax
    if text[start] not in "\\$":
        return None
    if begin := BEGIN.match(text, start, limit):
        found = _until(text, begin.end(), rf"\end{{{begin[1]}}}", limit, display=True)
        limit = found[1] if found else limit
    elif (
        text[start : start + 2] not in CLOSINGS
        or limit - start > MAX_FORMULA_CHARACTERS
        or not COMMAND.search(text, start + 2, limit)
    ):
        return None
    return (text[start:limit], limit, None) if limit - start <= MAX_FORMULA_CHARACTERS else None


def _until(text: str, start: int, closing: str, limit: int, *, display: bool) -> Found | None:
    """The formula up to its closing mark, which is looked for no further than a formula may be long."""
    limit = min(limit, start + MAX_FORMULA_CHARACTERS + 2)
    end = text.find(closing, start, limit)
    while closing[0] == "$" and end > 0 and text[end - 1] == "\\":  # a dollar of the formula itself
        end = text.find(closing, end + 1, limit)
    if end < 0 or not text[start:end].strip():
        return None
    return text[start:end], end + len(closing), display


def _dollars(state: StateInline) -> Found | None:
    """`$$…$$`, or `$…$` where it is neither a price nor a sentence between two prices."""
    text, start = state.src, state.pos
    if text[start] != "$":
        return None
    if start and (script := SCRIPT.match(text, start, state.posMax)):
        return script[1], script.end(), False
    if start and (text[start - 1].isalnum() or text[start - 1] == "$"):
        return None
    if text.startswith("$$", start):
        found = _until(text, start + 2, "$$", state.posMax, display=True)
        return None if found and _is_words(found[0]) else found
    found = _until(text, start + 1, "$", state.posMax, display=False)
    if found is None:
        return None
    formula, end, _ = found
    touches = not (formula[0].isspace() or formula[-1].isspace())
    after = text[end : min(end + 1, state.posMax)]
    goes_on = after.isdigit() or after.isupper() or after in ("$", "_", "{")  # a price, $HOME/bin:$PATH
    is_sentence = bool(SENTENCE.search(formula)) and not FORMULA_SIGN.search(formula)
    if not touches or (goes_on and after) or is_sentence:
        return None
    is_quoted = len(formula) > 2 and formula[0] == formula[-1] == "`"  # as GitLab wants it
    return (formula[1:-1], end, False) if is_quoted else found


def _is_words(formula: str) -> bool:
    """Whether marks of a formula stand around words, such as the escaped brackets of a link."""
    return bool(WORD.search(formula)) and not FORMULA_SIGN.search(formula)


def _environment(text: str, start: int, limit: int) -> Found | None:
    begin = BEGIN.match(text, start, limit)
    if begin is None or begin[1].rstrip("*") not in ENVIRONMENTS:
        return None
    closing = rf"\end{{{begin[1]}}}"
    found = _until(text, begin.end(), closing, limit, display=True)
    return found and (text[start : found[1]], found[1], True)


def _block_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A formula that begins a line and may go on over several, whatever these would be as Markdown."""
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    text = state.src
    opening = text[start : start + 2]
    if opening in (r"\[", "$$"):
        body, closing = start + 2, CLOSINGS[opening]
    elif (begin := BEGIN.match(text, start)) and begin[1].rstrip("*") in ENVIRONMENTS:
        body, closing = begin.end(), rf"\end{{{begin[1]}}}"
    else:
        return False
    found = _until(text, body, closing, state.eMarks[end_line - 1], display=True)
    if found is None or (closing in CLOSINGS.values() and _is_words(found[0])):
        return False
    end = found[1]
    last_line = start_line
    while last_line + 1 < end_line and state.eMarks[last_line] < end:
        last_line += 1
    punctuation = text[end : state.eMarks[last_line]].strip()
    if _goes_on(punctuation):
        return False  # the inline rule takes the formula
    if silent:
        return True
    lines = state.getLines(start_line, last_line + 1, state.blkIndent, False)
    token = state.push("math_block", "math", 0)
    token.content = _unwrapped(lines, closing) + punctuation
    token.meta = {"display": True}
    token.map = [start_line, last_line + 1]
    token.block = True
    state.line = last_line + 1
    return True


def _goes_on(behind: str) -> bool:
    """Whether a sentence goes on behind a formula, on its last line."""
    return bool(behind.strip().strip(".,;:"))


def _unwrapped(lines: str, closing: str) -> str:
    """The formula between its marks; an environment keeps them, for they say what it is."""
    whole = lines.strip()
    end = whole.rindex(closing)
    return whole[: end + len(closing)] if closing.startswith(r"\end") else whole[2:end]


def _render(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    token = tokens[index]
    display = token.meta["display"]
    return _as_source(token.content) if display is None else to_mathml(token.content, display=display)
