"""Form fields for texts and numbers as people type them: line ends, decimal marks, blanks."""

import math
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from web.formatting import format_decimal, format_int

MAX_ECHO_CHARACTERS = 40
PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")
TYPED_NUMBER = re.compile(r"\d[\d\s]*([.,]\d+)?")


class PlainTextField(forms.CharField):
    """A text with one character per line end: browsers send two, which would count against its length."""

    widget = forms.Textarea
    default_error_messages = {
        "max_length": _("Ce texte a %(show_value)s caractères ; il en faut %(limit_value)s au plus."),
        "null_characters_not_allowed": _("Ce texte contient un caractère nul, qu’aucun modèle ne lit."),
    }

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def run_validators(self, value: Any) -> None:
        """Messages write numbers with thousands apart: « 8 001 »."""
        try:
            super().run_validators(value)
        except ValidationError as errors:
            for error in errors.error_list:
                counts = {
                    name: format_int(n) for name, n in (error.params or {}).items() if isinstance(n, int)
                }
                error.params = (error.params or {}) | counts
            raise


class NumberField(forms.Field):
    """A number written 70,6 or 70.6 or 1 000; messages name its bounds."""

    def __init__(self, low: float, high: float, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
        super().__init__(widget=widget, error_messages={"required": _("Il manque un nombre ici.")}, **options)
        self.low, self.high = low, high

    def to_python(self, value: Any) -> float | None:
        text = "".join(str(value or "").split()).replace(",", ".")
        if not text:
            return None
        try:
            found = float(text)
        except ValueError as error:
            raise self.fault(_("« %(typed)s » n’est pas un nombre."), value) from error
        if not math.isfinite(found):
            raise self.fault(_("« %(typed)s » n’est pas un nombre."), value)
        return found

    def validate(self, value: float | None) -> None:
        super().validate(value)
        if value is not None and not self.low <= value <= self.high:
            raise self.fault(_("Il faut un nombre entre %(low)s et %(high)s."), value)

    def prepare_value(self, value: Any) -> Any:
        """The text as it was typed; a plain number (from an address) with the reader's decimal mark."""
        mark = str(get_format("DECIMAL_SEPARATOR"))
        return value.replace(".", mark) if PLAIN_NUMBER.fullmatch(str(value or "")) else value

    def fault(self, sentence: Any, value: Any) -> forms.ValidationError:
        params = {
            "typed": str(value)[:MAX_ECHO_CHARACTERS],
            "low": format_decimal(self.low),
            "high": format_decimal(self.high),
        }
        return forms.ValidationError(sentence, code="invalid", params=params)


def plain_number(typed: str) -> str:
    """A typed number in the form for an address: no blanks, a point; any other text unchanged."""
    if TYPED_NUMBER.fullmatch(typed.strip()):
        return "".join(typed.split()).replace(",", ".")
    return typed


class WholeField(NumberField):
    """A NumberField without decimals."""

    def validate(self, value: float | None) -> None:
        super().validate(value)
        if value is not None and not value.is_integer():
            raise self.fault(_("Il faut un nombre entier, et non %(typed)s."), value)
