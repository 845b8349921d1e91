"""Describe a change of a value in one line, for the history of a row and the dry run of an import."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from web.formatting import dated, label_value

MAX_VALUE_CHARACTERS = 80  # longer texts are truncated


def describe_change(label: object, before: object, after: object) -> str:
    """« label : before → after »."""
    return label_value(label, f"{format_value(before)} → {format_value(after)}")


def format_value(value: Any) -> str:
    """Format a value in at most MAX_VALUE_CHARACTERS characters."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if value in (None, "", [], {}, ()):
        return _("vide")
    if isinstance(value, list | tuple):
        return Truncator(", ".join(map(str, value))).chars(MAX_VALUE_CHARACTERS)
    if isinstance(value, date):
        return dated(value, "DATETIME_FORMAT" if isinstance(value, datetime) else "DATE_FORMAT")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Truncator(str(localize(value))).chars(MAX_VALUE_CHARACTERS)
