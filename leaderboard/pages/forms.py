"""The filter form of the leaderboard."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leaderboard.pages.table import BoardOrder, BoardQuery, EnergyBasis, MinVotes
from models_registry.pages.filters import Presence, SortHeader, sort_header
from models_registry.pages.forms import FilterForm, filter_field

REVERSED = [(f"-{value}".replace("--", ""), label) for value, label in BoardOrder.choices]
MORE_FILTERS = ("votes", "enough", "size", "architecture", "licence", "presence", "energy")


class BoardForm(FilterForm):
    votes = filter_field(_("Votes de"))
    enough = filter_field(_("Votes par modèle"), [("", _("300 votes ou plus")), *MinVotes.choices])
    presence = filter_field(
        _("Présence"),
        [("", _("Tous")), *((one.value, one.label) for one in (Presence.CURRENT, Presence.ARCHIVED))],
    )
    energy = filter_field(_("Énergie du graphique"), [("", _("pour 1 000 jetons")), *EnergyBasis.choices])
    order = filter_field(_("Trier par"), [*BoardOrder.choices, *REVERSED])
    day = forms.DateField(
        label=_("Tel qu’il était le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("cette date n’est pas lisible, elle est ignorée.")},
    )

    def __init__(self, scopes: Mapping[str, str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.set_choices("votes", scopes.items())

    orders = BoardOrder.choices
    reversed_orders = REVERSED

    def more_filters(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE_FILTERS]

    def more_are_used(self) -> bool:
        return any(self[name].value() for name in (*MORE_FILTERS[1:], "day"))

    def query(self) -> BoardQuery:
        return BoardQuery(**self.active_filters())


def sort_headers(query: BoardQuery, link_query: BoardQuery) -> dict[str, SortHeader]:
    """The headers of the sortable columns, by name.

    link_query: the query that their links change.
    """
    return {
        order.value.lstrip("-"): sort_header(order.label, order.value, query.order, link_query)
        for order in BoardOrder
    }
