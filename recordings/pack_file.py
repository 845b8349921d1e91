"""The files of a pack: JSON for other sites, one HTML page for people without a network."""

import json
from collections.abc import Callable

from django.http import HttpResponse

from recordings.pack_format import Pack
from recordings.pack_page import pack_page


def pack_json(pack: Pack) -> str:
    """The pack as JSON; the same pack gives the same bytes."""
    return json.dumps(pack, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Pack], str]]] = {
    "json": ("application/json", pack_json),
    "html": ("text/html", pack_page),
}


def pack_response(pack: Pack, name: str) -> HttpResponse:
    """The download of a pack in one of FORMATS."""
    content_type, write = FORMATS[name]
    response = HttpResponse(write(pack), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="duels-{pack["made_on"]}.{name}"'
    return response
