"""What every list of models can be filtered by, as a form whose fields are the address's."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.models import LanguageModel, Licence
from models_registry.pages.filters import SizeClass

MAX_WORDS_CHARACTERS = 100
EVERY_ONE = ("", _("Toutes"))


def filter_field(label: Any, choices: Iterable[tuple[Any, Any]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        error_messages={"invalid_choice": _("ce filtre n’existe pas, il est ignoré.")},
    )


class FilterForm(forms.Form):
    """What to look for; a list adds its own filters and its orders."""

    words = forms.CharField(
        label=_("Chercher"),
        required=False,
        max_length=MAX_WORDS_CHARACTERS,
        error_messages={"max_length": _("cette recherche est trop longue, elle est ignorée.")},
    )
    size = filter_field(_("Taille"), [EVERY_ONE, *SizeClass.choices])
    architecture = filter_field(_("Architecture"), [EVERY_ONE, *LanguageModel.Architecture.choices])
    licence = filter_field(_("Licence"), [EVERY_ONE, *Licence.Kind.choices])

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Gives a filter the choices that only this request knows."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def asked(self) -> dict[str, Any]:
        """What is asked for, by field, without the filters that do not exist."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
