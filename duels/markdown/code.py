"""Code of an answer, coloured where its language is known and time is left."""

import time
from collections.abc import Iterator
from html import escape
from typing import TypeVar

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# Pygments reads code with regular expressions: a few thousand characters lead some of its 500 languages into
# minutes of work. These come back soon from every token, whatever they read (tests/duels/test_markdown.py).
LANGUAGES = {
    "bash", "sh", "shell", "zsh", "c", "cpp", "c++", "csharp", "c#", "cs", "css", "scss", "dart",
    "diff", "docker", "dockerfile", "elixir", "erlang", "go", "golang", "graphql", "haskell", "html",
    "java", "javascript", "js", "json", "jsx", "julia", "kotlin", "latex", "tex", "lua", "makefile",
    "markdown", "md", "objective-c", "perl", "php", "powershell", "python", "py", "python3", "pycon",
    "r", "ruby", "rb", "rust", "rs", "scala", "sql", "postgresql", "mysql", "swift", "toml",
    "typescript", "ts", "tsx", "vue", "xml", "yaml", "yml",
}  # fmt: skip
MAX_COLOURED_CHARACTERS = 20_000  # of one block: some 500 lines
COLOUR_SECONDS = 0.5  # of one answer, in time of the processor; what is left after that stays plain
Item = TypeVar("Item")


def to_coloured_html(code: str, language: str, until: float) -> str:
    """The code as HTML; plain where the language is unknown, the block is long or time is out.

    until: seconds on the clock of this thread's processor time.
    """
    is_long = len(code) > MAX_COLOURED_CHARACTERS
    if language not in LANGUAGES or is_long or time.thread_time() > until:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
        return pygments.format(_in_time(lexer.get_tokens(code), until), HtmlFormatter(nowrap=True))
    except TimeoutError:
        return escape(code)


def _in_time(items: Iterator[Item], until: float) -> Iterator[Item]:
    """The same items. Raises TimeoutError once this thread has computed for too long."""
    for item in items:
        if time.thread_time() > until:
            raise TimeoutError
        yield item
