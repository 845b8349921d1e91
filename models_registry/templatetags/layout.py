"""Parts of a page that say the same to everybody, or nearly, are kept for the next reader."""

from collections.abc import Hashable, Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from models_registry.kept import LaidOut, marks

register = template.Library()

KEPT = 4_096  # parts of one or two kilobytes, such as the lines of a table


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
    words = {name: str(values.pop(name)) for name in names.split()}
    return _laid_out_around(tuple(words), template_name, get_language(), **values).filled(words)


@lru_cache(maxsize=KEPT)
def _laid_out_around(
    names: tuple[str, ...], template_name: str, language: str, **values: Hashable
) -> LaidOut:
    return LaidOut.of(render_to_string(template_name, {"LANGUAGE_CODE": language, **values, **marks(names)}))
