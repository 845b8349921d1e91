"""How a reader asked to see a reveal: by which method, and with the CO2 of which electricity."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from science.energy import METHODS
from science.energy.carbon import ZONES

METHOD_FIELD = "method"
ZONE_FIELD = "electricity"


@dataclass(frozen=True, slots=True)
class RevealOptions:
    """The reader's choices; None for the method of the day, and for no CO2 at all."""

    method: str | None = None
    zone: str | None = None

    def by(self, method: str | None) -> "RevealOptions":
        """The same choices with another method."""
        return replace(self, method=method)

    @property
    def query(self) -> str:
        """The choices as the end of an address: « ?method=… », or nothing."""
        fields = {METHOD_FIELD: self.method, ZONE_FIELD: self.zone}
        chosen = {name: value for name, value in fields.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def parse_options(query: Mapping[str, str]) -> RevealOptions:
    """The choices in an address; a method or a zone that does not exist is no choice."""
    method, zone = query.get(METHOD_FIELD), query.get(ZONE_FIELD)
    return RevealOptions(method if method in METHODS else None, zone if zone in ZONES else None)
