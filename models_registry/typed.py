"""Texts that visitors type, read the same way wherever they are typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from models_registry.figures import whole


class TypedText(forms.CharField):
    """A text with line ends as people mean them: browsers send two characters for each."""

    widget = forms.Textarea
    default_error_messages = {
        "max_length": _("Ce texte a %(show_value)s caractères ; il en faut %(limit_value)s au plus."),
        "null_characters_not_allowed": _("Ce texte contient un caractère nul, qu’aucun modèle ne lit."),
    }

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def run_validators(self, value: Any) -> None:
        """Refusals count in thousands apart: « 8 001 »."""
        try:
            super().run_validators(value)
        except ValidationError as refused:
            for error in refused.error_list:
                counts = {name: whole(n) for name, n in (error.params or {}).items() if isinstance(n, int)}
                error.params = (error.params or {}) | counts
            raise
