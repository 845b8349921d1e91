"""Filter forms of the lists of models; their fields are the parameters of the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.models import LanguageModel, Licence
from models_registry.pages.catalogue import CatalogueEntry, CatalogueQuery, Order
from models_registry.pages.filters import Presence, SizeClass

MAX_WORDS_CHARACTERS = 100
ALL_CHOICE = ("", _("Toutes"))


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
    size = filter_field(_("Taille"), [ALL_CHOICE, *SizeClass.choices])
    architecture = filter_field(_("Architecture"), [ALL_CHOICE, *LanguageModel.Architecture.choices])
    licence = filter_field(_("Licence"), [ALL_CHOICE, *Licence.Kind.choices])

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Gives a filter the choices that only this request knows."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def asked(self) -> dict[str, Any]:
        """What is asked for, by field, without the filters that do not exist."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CatalogueForm(FilterForm):
    """What to look for and in which order."""

    organisation = filter_field(_("Organisation"))
    presence = filter_field(_("Présence"), [("", _("Tous")), *Presence.choices])
    order = filter_field(_("Trier par"), Order.choices)
    field_order = ("words", "organisation")

    def __init__(self, every: Iterable[CatalogueEntry], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        makers = {line.model.maker_slug: line.model.maker for line in every}
        by_name = sorted(makers.items(), key=lambda maker: maker[1].casefold())
        self.offer("organisation", [ALL_CHOICE, *by_name])

    def wanted(self) -> CatalogueQuery:
        return CatalogueQuery(**self.asked())
