"""What says the same to everybody but for a few words is laid out once, and the words filled in for each."""

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MARK = f"left-open-{secrets.token_hex(8)}"  # in no text, and it may stand in an address, as a slug
KEPT_PARTS = 4_096  # of one or two kilobytes, such as the lines of a table
KEPT_PAGES = 128  # of 15 to 20 kB, the leaderboard of 150: one for each language, host and state

Words = Mapping[str, str]


def marks(names: Iterable[str]) -> dict[str, str]:
    """What stands for each of these words where the text is laid out."""
    return {name: f"{MARK}-{name}-" for name in names}


@dataclass(frozen=True, slots=True)
class TemplateWithSlots:
    """The text up to the first word left open, then the name of each, with the text behind it."""

    first: str
    others: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """From a text with marks."""
        first, *others = re.split(rf"{MARK}-(\w+)-", text)
        return cls(first, tuple(zip(others[::2], others[1::2], strict=True)))

    def filled(self, words: Words) -> SafeString:
        """With the words of one reader, escaped where they are no HTML."""
        escaped = {name: conditional_escape(word) for name, word in words.items()}
        parts = [part for name, text in self.others for part in (escaped[name], text)]
        return SafeString("".join([self.first, *parts]))


def cached_fragment(template_name: str, own: Words, **values: Hashable) -> SafeString:
    """One part of a page, from memory if it has been laid out before for the same values in this language.

    The part knows nothing else of the page, so that nothing of one reader is kept for the next. own: the
    words of this one, which the part may write as they are or in an address.
    """
    return _laid_out(tuple(own), template_name, get_language(), **values).filled(own)


@lru_cache(maxsize=KEPT_PARTS)
def _laid_out(
    names: tuple[str, ...], template_name: str, language: str, **values: Hashable
) -> TemplateWithSlots:
    return TemplateWithSlots.of(
        render_to_string(template_name, {"LANGUAGE_CODE": language, **values, **marks(names)})
    )


_pages: dict[Hashable, TemplateWithSlots] = {}


def cached_page(
    request: HttpRequest,
    template_name: str,
    same_for: Hashable,
    context: Callable[[], Mapping[str, Any]],
    own: Words,
) -> HttpResponse:
    """The page, from memory if it has been laid out before for the same value in this language.

    same_for: all that the context follows from, so that nothing of one reader is kept for the next. own: the
    words of this one, csrf_token among them; the template may write each as it is or in an address.
    What answers a form is its sender's alone.
    """
    if request.method == "POST":
        return render(request, template_name, {**context(), **own})
    key = (template_name, get_language(), request.scheme, request.get_host(), same_for)
    page = _pages.get(key)
    if page is None:
        text = render_to_string(template_name, {**context(), **marks(own)}, request)
        if len(_pages) >= KEPT_PAGES:
            _pages.clear()
        page = _pages[key] = TemplateWithSlots.of(text)
    return HttpResponse(page.filled(own))
