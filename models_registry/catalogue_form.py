"""The filters of the catalogue, as a form whose fields are the address's."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.listing import Line, Order, Presence, SizeClass, Wanted
from models_registry.models import LanguageModel, Licence

MAX_WORDS_CHARACTERS = 100
ALL_OF_THEM = ("", _("Toutes"))


def filter_field(label: Any, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        error_messages={"invalid_choice": _("Ce filtre n’existe pas : il est ignoré.")},
    )


class CatalogueForm(forms.Form):
    """What to look for and in which order."""

    use_required_attribute = False

    words = forms.CharField(
        label=_("Chercher"),
        required=False,
        max_length=MAX_WORDS_CHARACTERS,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"max_length": _("Cette recherche est trop longue : elle est ignorée.")},
    )
    organisation = filter_field(_("Organisation"), [])
    size = filter_field(_("Taille"), [ALL_OF_THEM, *SizeClass.choices])
    architecture = filter_field(_("Architecture"), [ALL_OF_THEM, *LanguageModel.Architecture.choices])
    licence = filter_field(_("Licence"), [ALL_OF_THEM, *Licence.Kind.choices])
    presence = filter_field(_("Présence"), [("", _("Tous")), *Presence.choices])
    order = filter_field(_("Trier par"), Order.choices)

    def __init__(self, every: Iterable[Line], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        makers = {line.model.organisation.slug: line.model.organisation.name for line in every}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL_OF_THEM, *sorted(makers.items(), key=lambda maker: maker[1].casefold())]

    def wanted(self) -> Wanted:
        """What is asked for, without the filters that do not exist."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


def address(wanted: Wanted) -> str:
    """The shortest query string that shows the same list."""
    asked = {name: value for name, value in asdict(wanted).items() if value != DEFAULTS[name]}
    return urlencode(asked)


DEFAULTS = asdict(Wanted())
