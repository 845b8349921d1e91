"""The options of a reveal, from its address: the method, and the electricity mix of the CO2."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from science.energy import METHODS
from science.energy.carbon import ZONES

METHOD_FIELD = "method"
ZONE_FIELD = "electricity"


@dataclass(frozen=True, slots=True)
class RevealOptions:
    """None for the method in force when the duel was played, and for no CO2."""

    method: str | None = None
    zone: str | None = None

    def by(self, method: str | None) -> "RevealOptions":
        """The same options with another method."""
        return replace(self, method=method)

    @property
    def query(self) -> str:
        """The choices as the end of an address: « ?method=… », or nothing."""
        fields = {METHOD_FIELD: self.method, ZONE_FIELD: self.zone}
        chosen = {name: value for name, value in fields.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def parse_options(query: Mapping[str, str]) -> RevealOptions:
    """From the parameters of an address; unknown values are ignored."""
    method, zone = query.get(METHOD_FIELD), query.get(ZONE_FIELD)
    return RevealOptions(method if method in METHODS else None, zone if zone in ZONES else None)
