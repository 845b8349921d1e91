"""The filters of the catalogue."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from models_registry.pages.catalogue import Line, Order, Wanted
from models_registry.pages.filter_form import EVERY_ONE, FilterForm, filter_field
from models_registry.pages.filters import Presence


class CatalogueForm(FilterForm):
    """What to look for and in which order."""

    organisation = filter_field(_("Organisation"))
    presence = filter_field(_("Présence"), [("", _("Tous")), *Presence.choices])
    order = filter_field(_("Trier par"), Order.choices)
    field_order = ("words", "organisation")

    def __init__(self, every: Iterable[Line], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        makers = {line.model.maker_slug: line.model.maker for line in every}
        by_name = sorted(makers.items(), key=lambda maker: maker[1].casefold())
        self.offer("organisation", [EVERY_ONE, *by_name])

    def wanted(self) -> Wanted:
        return Wanted(**self.asked())
