"""Filter forms of the lists of models; their fields are the parameters of the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.models import LanguageModel, Licence
from models_registry.pages.catalogue import CatalogueEntry, CatalogueOrder, CatalogueQuery
from models_registry.pages.filters import Presence, SizeClass
from models_registry.pages.makers import maker_order

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
    """Filters common to all lists of models; each list adds its own filters and its order."""

    words = forms.CharField(
        label=_("Chercher"),
        required=False,
        max_length=MAX_WORDS_CHARACTERS,
        error_messages={"max_length": _("cette recherche est trop longue, elle est ignorée.")},
    )
    size = filter_field(_("Taille"), [ALL_CHOICE, *SizeClass.choices])
    architecture = filter_field(_("Architecture"), [ALL_CHOICE, *LanguageModel.Architecture.choices])
    licence = filter_field(_("Licence"), [ALL_CHOICE, *Licence.Kind.choices])

    def set_choices(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Set the choices of a filter that depend on the request."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def active_filters(self) -> dict[str, Any]:
        """Valid, non-empty filters by field name; invalid ones are ignored and stay in `errors`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CatalogueForm(FilterForm):
    organisation = filter_field(_("Organisation"))
    presence = filter_field(_("Présence"), [("", _("Tous")), *Presence.choices])
    order = filter_field(_("Trier par"), CatalogueOrder.choices)
    field_order = ("words", "organisation")

    def __init__(self, entries: Iterable[CatalogueEntry], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        makers = {entry.model.maker_slug: entry.model.maker for entry in entries}
        best_known_first = sorted(makers.items(), key=lambda maker: maker_order(maker[1]))
        self.set_choices("organisation", [ALL_CHOICE, *best_known_first])

    def query(self) -> CatalogueQuery:
        return CatalogueQuery(**self.active_filters())
