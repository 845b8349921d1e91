"""The filters of the leaderboard, as a form whose fields are the address's."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from leaderboard.board import Enough, Order, PerWhat, Wanted
from models_registry.catalogue_form import ALL_OF_THEM, MAX_WORDS_CHARACTERS, filter_field
from models_registry.listing import Presence, SizeClass
from models_registry.models import LanguageModel, Licence

REVERSED = [(f"-{value}".replace("--", ""), label) for value, label in Order.choices]
FIRST_FIELDS = ("votes", "enough", "order")


class BoardForm(forms.Form):
    """Which votes, which models, in which order."""

    use_required_attribute = False

    words = forms.CharField(
        label=_("Chercher"),
        required=False,
        max_length=MAX_WORDS_CHARACTERS,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"max_length": _("Cette recherche est trop longue : elle est ignorée.")},
    )
    votes = filter_field(_("Votes de"), [])
    enough = filter_field(_("Votes par modèle"), [("", _("300 votes ou plus")), *Enough.choices])
    size = filter_field(_("Taille"), [ALL_OF_THEM, *SizeClass.choices])
    architecture = filter_field(_("Architecture"), [ALL_OF_THEM, *LanguageModel.Architecture.choices])
    licence = filter_field(_("Licence"), [ALL_OF_THEM, *Licence.Kind.choices])
    presence = filter_field(
        _("Présence"),
        [("", _("Tous")), *((one.value, one.label) for one in (Presence.CURRENT, Presence.ARCHIVED))],
    )
    energy = filter_field(_("Énergie du graphique"), [("", _("pour 1 000 jetons")), *PerWhat.choices])
    order = filter_field(_("Trier par"), [])
    day = forms.DateField(
        label=_("Tel qu’il était le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Cette date n’est pas lisible : elle est ignorée.")},
    )

    def __init__(self, scopes: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        votes, order = self.fields["votes"], self.fields["order"]
        assert isinstance(votes, forms.ChoiceField) and isinstance(order, forms.ChoiceField)
        votes.choices = scopes
        order.choices = [*Order.choices, (_("Dans l’autre sens"), REVERSED)]

    def first_fields(self) -> list[forms.BoundField]:
        """What most readers choose by, beside the search."""
        return [self[name] for name in FIRST_FIELDS]

    def more_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in ("words", *FIRST_FIELDS)]

    def more_are_used(self) -> bool:
        return any(field.value() for field in self.more_fields())

    def wanted(self) -> Wanted:
        """What is asked for, without the filters that do not exist."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


DEFAULTS = asdict(Wanted())


def address(wanted: Wanted) -> str:
    """The shortest query string that shows the same view."""
    return urlencode({name: value for name, value in asdict(wanted).items() if value != DEFAULTS[name]})


@dataclass(frozen=True, slots=True)
class Heading:
    """A column to sort by: its name, the address that sorts by it, and how it is sorted now, if it is."""

    label: str
    link: str
    sorted_now: str


def headings(wanted: Wanted, here: Wanted) -> dict[str, Heading]:
    """The columns that sort, by name; asked a second time, a column turns around.

    here: what the address asks for, when the usual votes are left out of it.
    """
    return {order.value.lstrip("-"): _heading(order, wanted.order, here) for order in Order}


def _heading(order: Order, now: str, here: Wanted) -> Heading:
    around = f"-{order.value}".replace("--", "")
    link = address(replace(here, order=around if now == order.value else order.value))
    direction = "descending" if now.startswith("-") else "ascending"
    return Heading(str(order.label), f"?{link}", direction if now in (order.value, around) else "")
