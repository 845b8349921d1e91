"""Any text of a model is rendered as harmless HTML, soon."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import find_lexer_class_by_name

from backends.openai.client import MAX_CHARACTERS
from duels import markdown
from duels.markdown import MATH_ATTRIBUTES, MATH_TAGS, TAGS, to_html
from duels.markdown.code import LANGUAGES

ALLOWED = {
    "a": {"href", "rel"},
    "ol": {"start"},
    "span": {"class"},
    "pre": {"tabindex"},
    "table": {"tabindex"},
    "code": {"class", "dir"},
    "mtd": {"class"},
    **MATH_ATTRIBUTES,
}
LONG = MAX_CHARACTERS // 4


class Tags(HTMLParser):
    """Every tag of a piece of HTML with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.other: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)


def assert_harmless(html: str) -> None:
    """Only tags and attributes of the list, and links that lead to another site or to a mail."""
    tags = Tags(html)
    assert tags.other == []
    for tag, attributes in tags.found:
        assert tag in TAGS | MATH_TAGS
        assert set(attributes) <= ALLOWED.get(tag, set())
        if tag == "a" and "href" in attributes:
            assert (attributes["href"] or "").lower().startswith(("http://", "https://", "mailto:"))
            assert attributes["rel"] == "noopener noreferrer nofollow"


HOSTILE = {
    "a script": "<script>window.__pwned = 1</script>",
    "a script in capitals, unclosed": "<SCRIPT SRC=//x.example/x.js",
    "an event handler": "<img src=x onerror=alert(1)><body onload=alert(1)>",
    "svg": "<svg/onload=alert(1)><svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "mathml": "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "an iframe": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "a style": "<style>*{display:none}</style><p style='position:fixed'>x</p>",
    "a form": "<form action=/duels/x/vote/ method=post><button name=choice value=a>x</button></form>",
    "htmx": "<div hx-get=/admin/ hx-trigger=load data-copy id=next-step class=vote>x</div>",
    "a meta": "<meta http-equiv=refresh content='0;url=//x.example'><base href=//x.example>",
    "a comment": "<!-- x --><!--[if IE]><script>alert(1)</script><![endif]--><?php x ?><![CDATA[x]]>",
    "a javascript link": "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](java\nscript:alert(1))",
    "a javascript link in references": "[x]\n\n[x]: javascript:alert(1)\n\n<javascript:alert(1)>",
    "an escaped javascript link": "[x](&#106;avascript:x) [y](&#x6A&#x61vascript:x) [z](\\javascript:x)",
    "a data link": "[x](data:text/html;base64,PHNjcmlwdD4=) ![y](data:image/svg+xml,<svg onload=alert(1)>)",
    "other schemes": "[x](vbscript:x) [y](file:///etc/passwd) [z](blob:x) [w](tel:1)",
    "a link into our own pages": "[x](/duels/) [y](//x.example) [z](http:vote) [w](#turn-1) [v](\\\\x)",
    "a tracking image": "![x](https://x.example/pixel.png)",
    "an attribute through a title": "[x](https://x.example 'onmouseover=alert(1) \"')",
    "a quote in an address": '[x](https://x.example/"onmouseover=alert(1)//)',
    "html in a link": "[<img src=x onerror=alert(1)>](https://x.example)",
    "html in code": "`<script>alert(1)</script>`\n\n```html\n<script>alert(1)</script>\n```\n",
    "a language that is no word": '```"><script>alert(1)</script>\nx\n```\n',
    "a class through a language": "```x class=vote\nx\n```\n\n```vote\nx\n```\n",
    "html in a table": "|<b onclick=x>|a|\n|-|:-:|\n|<script>|`</td>`|",
    "nested tricks": "<<script>script>alert(1)<</script>/script>\n\n**<b>*_`<i>`_*</b>**",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "text against its direction": "\u202ealert\u202c \u2066x\u2069 \u200bzéro",
    "control characters": "a\x00b\x07c\x1b[31md\x7f <\x00script>",
    "lone halves and the last characters": "\uffff\U0010ffff\ufeff",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_hostile_survives(text: str) -> None:
    assert_harmless(to_html(text))


def test_raw_html_is_shown_as_text() -> None:
    assert to_html("<b>gras</b>") == "<p>&lt;b&gt;gras&lt;/b&gt;</p>\n"


@pytest.mark.parametrize("fence", ["```\n```", "```\n\n  \n```", "~~~python\n~~~", "```js"])
def test_a_block_of_code_that_holds_nothing_leaves_no_empty_box(fence: str) -> None:
    assert to_html(f"Voici :\n\n{fence}") == "<p>Voici :</p>\n"


@pytest.mark.parametrize(
    "address", ["https://x.example/ciel.png", "ciel.png", "data:image/png;base64,AAAA", ""]
)
def test_an_image_becomes_words_and_loads_nothing(address: str) -> None:
    assert to_html(f"![le ciel]({address}) bleu") == "<p>[image : le ciel] bleu</p>\n"
    assert to_html(f"![]({address})") == "<p>[image]</p>\n"


@pytest.mark.parametrize(
    ("levels", "placed"), [((1, 2, 6), (4, 5, 6)), ((3, 4, 3, 2, 6), (4, 5, 4, 4, 5)), ((2, 2), (4, 4))]
)
def test_headings_follow_that_of_the_card_without_a_gap(
    levels: tuple[int, ...], placed: tuple[int, ...]
) -> None:
    html = to_html("\n\n".join(f"{'#' * level} Titre" for level in levels))
    assert re.findall(r"<h(\d)>", html) == [str(level) for level in placed]


def test_what_may_be_wider_than_a_screen_is_reached_with_the_keyboard() -> None:
    html = to_html("|a|\n|-|\n|1|\n\n```\nx\n```")
    assert '<table tabindex="0">' in html and '<pre tabindex="0">' in html


def test_tables_lists_quotes_and_emphasis_are_rendered() -> None:
    html = to_html("|a|b|\n|-|-|\n|1|**2**|\n\n3. trois\n4. quatre\n\n> ~~cité~~ *ici*\nsuite")
    for part in ("<th>a</th>", "<strong>2</strong>", '<ol start="3">', "<blockquote>", "<s>cité</s>", "<br>"):
        assert part in html


def test_code_of_a_known_language_is_coloured_and_reads_as_it_was() -> None:
    html = to_html("```python\nx = 1  # <b>\n```\n")
    assert '<span class="mi">1</span>' in html
    assert "&lt;b&gt;" in html


def test_code_of_an_unknown_language_stays_plain() -> None:
    assert to_html("```zork\n\n<i>\n```\n") == '<pre tabindex="0"><code>\n&lt;i&gt;\n</code></pre>\n'


FRAGMENTS = st.sampled_from([
    "<", ">", "</", "<script>", "<a href=", "javascript:", "[", "]", "](", ")", "![", "`", "```", "\n",
    "\n\n", "    ", "> ", "- ", "1. ", "|", "|-|", "#", "*", "_", "~~", "\\", "&lt;", "&#x3c;", "&", '"', "'",
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{pmatrix}", "\\end{pmatrix}", "\\frac", "\\text{",
    "{", "}", "^", "~",
    "<sub>", "</sub>", "<br>", "[^1]", "[^1]: ", "- [ ] ", "```markdown\n", "www.", "@a.b",
    "=", "on", "http://a.b", "python", "html", "\x00", "\r", "\t", "style=", "--", "<!--", "-->",
])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=40).map("".join))
def test_whatever_is_written_only_listed_tags_come_out(text: str) -> None:
    assert_harmless(to_html(text))


HEAVY = {
    "quotes": ">" * LONG,
    "open brackets": "[" * LONG,
    "open and closed brackets": "[" * (LONG // 2) + "]" * (LONG // 2),
    "images": "![" * (LONG // 2),
    "numbers in quotes": "> 1. a\n>  - b\n" * (LONG // 14),
    "named fences in text": "```text\n```py\n```\n" * (LONG // 19),
    "closed fences of Markdown": "```md\n```\n\n" * (LONG // 11),
    "fences of Markdown that hold code": "```md\n\n```\nx\n```\n```\n\n" * (LONG // 22),
    "tables of code": "|`a|b`|c|\n|-|-|\n" * (LONG // 16),
    "images of images": "![a](x(" * (LONG // 7),
    "unclosed links": "[a](<b" * (LONG // 6),
    "backticks": "`" * LONG,
    "backticks of every length": " ".join("`" * length for length in range(440)),
    "stars": "*a_ " * (LONG // 4),
    "nested lists": "- " * (LONG // 2),
    "lists in quotes": "> - " * (LONG // 4),
    "deep lists": "\n".join("  " * depth + "- a" for depth in range(300)),
    "wide tables": "|a" * (LONG // 4) + "\n" + "|-" * (LONG // 4) + "\n|a",
    "long tables": "|a|b|\n|-|-|\n" + "|x\n" * (LONG // 3),
    "fences": "```\n" * (LONG // 4),
    "headings": "# a\n" * (LONG // 4),
    "entities": "&" * LONG,
    "one long word": "a" * LONG,
    "blank lines": "\n" * LONG,
    "html": "<div>\n" * (LONG // 6),
    "deep formula": "$" + "{" * (LONG // 2) + "}" * (LONG // 2) + "$",
    "deep displayed formula": "$$\n" + "{" * (LONG // 2) + "}" * (LONG // 2) + "\n$$",
    "deep environments": "\\begin{matrix}" * (LONG // 14),
    "formulas": "$a$ " * (LONG // 4),
    "unclosed formulas": "\\(" * (LONG // 2),
    "unclosed displayed formulas": "\\[a\n" * (LONG // 4),
    "dollars": "$" * LONG,
    "prices": "$5 " * (LONG // 3),
    "macros that expand themselves": "$\\def\\a{\\a\\a}\\a$ " * 200,
    "indices": "<sub>" * (LONG // 5),
    "tildes": "~a" * (LONG // 2),
    "notes": "[^1] " * (LONG // 5) + "\n\n[^1]: a",
    "addresses": "http://a.b " * (LONG // 11),
    "mails": "a@b.c " * (LONG // 6),
    "tasks": "- [ ] a\n" * (LONG // 8),
    "fences of Markdown": "```markdown\n" * (LONG // 12),
    "fences in fences": "```md\n```py\n" * (LONG // 24),
    "numbers and bullets": "1. a\n  - b\n" * (LONG // 12),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_long_answers_of_any_form_are_rendered(text: str) -> None:
    """A quarter of the limit of the platform takes half a second; work that is not bounded, minutes."""
    assert_harmless(to_html(text))


REPEATED = (
    "a", "(", "{", "[", "<", '"', "'", "/", "\\", " ", "a b ", "a.", "`", "/*", "#", "1", "$", "\n", " \n",
    "%", "@", "a: ", "a=", "-", "|", "<a ", "${", '"""', "&", "a\n", "f(a, ", "a<b,", "_", "!", "<<a\n",
)  # fmt: skip


ONE_NAME_EACH = {find_lexer_class_by_name(language).name: language for language in sorted(LANGUAGES)}


@pytest.mark.slow
@pytest.mark.parametrize("language", ONE_NAME_EACH.values())
def test_no_language_is_led_into_minutes_of_work(language: str) -> None:
    """A language that is must leave the list: this test then hardly ends."""
    blocks = (f"```{language}\n{(pattern * 500)[:500]}\n```\n" for pattern in REPEATED)
    assert_harmless(to_html("\n".join(blocks)))


def test_code_stays_plain_and_whole_when_time_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "COLOUR_SECONDS", -1)
    assert (
        to_html("```python\nx = '<b>'\n```\n") == "<pre tabindex=\"0\"><code>x = '&lt;b&gt;'\n</code></pre>\n"
    )
