"""Parts of a page that say the same to everybody, or nearly, are kept for the next reader."""

import re
import secrets
from collections.abc import Hashable, Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

KEPT = 4_096  # parts of one or two kilobytes, such as the lines of a table
MARK = f"left-open-{secrets.token_hex(8)}"  # in no text, and it may stand in an address, as a slug


@register.simple_tag
def laid_out_once(template_name: str, name: str, items: Iterable[Hashable], **values: Hashable) -> SafeString:
    """One part after the other, each from memory if it has been laid out before in this language.

    name: what the template calls its item. items, values: plain ones and frozen dataclasses of them. A row of
    the database equals itself whatever it says by now: it would keep its former words, unless it is one that
    is never written again.
    """
    language = get_language()
    return SafeString("".join(_laid_out(template_name, language, **{name: item}, **values) for item in items))


@lru_cache(maxsize=KEPT)
def _laid_out(template_name: str, language: str, **values: Hashable) -> SafeString:
    return render_to_string(template_name, values)


@register.simple_tag
def laid_out_but_for(names: str, template_name: str, **values: Hashable) -> SafeString:
    """One part, from memory if it has been laid out before for the same values but those of these names.

    The part knows nothing else of the page, so that nothing of one reader is kept for the next. names: words
    with spaces between. What they name is a text, which the part may write as it is or in an address.
    """
    left_open = names.split()
    words = [escape(values.pop(name)) for name in left_open]
    first, others = _laid_out_around(tuple(left_open), template_name, get_language(), **values)
    return SafeString(first + "".join([words[place] + text for place, text in others]))


@lru_cache(maxsize=KEPT)
def _laid_out_around(
    names: tuple[str, ...], template_name: str, language: str, **values: Hashable
) -> tuple[str, list[tuple[int, str]]]:
    """The text up to the first name, then each name, by its number, with the text behind it."""
    marks = {name: f"{MARK}-{number}-" for number, name in enumerate(names)}
    part = render_to_string(template_name, {"LANGUAGE_CODE": language, **values, **marks})
    first, *others = re.split(rf"{MARK}-(\d+)-", part)
    return first, list(zip(map(int, others[::2]), others[1::2], strict=True))
