"""Parts of lists, with the addresses of the next and of the previous one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, Field

MAX_OFFSET = 1_000_000


class PageQuery(BaseModel):
    limit: int = Field(50, ge=1, le=200, description=_("Éléments par page."))
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description=_("Éléments à passer avant le premier."))

    @property
    def window(self) -> slice:
        """The part of a list that is asked for."""
        return slice(self.offset, self.offset + self.limit)


def page_fields(request: HttpRequest, response: HttpResponse, total: int, query: PageQuery) -> dict[str, Any]:
    """The fields of a Page but its items; the same addresses are in the header Link."""
    offsets = {}
    if query.offset + query.limit < total:
        offsets["next"] = query.offset + query.limit
    if query.offset:
        offsets["previous"] = max(0, query.offset - query.limit)
    links = {name: _address(request, offset) for name, offset in offsets.items()}
    if links:
        relations = {"next": "next", "previous": "prev"}
        response["Link"] = ", ".join(f'<{link}>; rel="{relations[name]}"' for name, link in links.items())
    return {"total": total, "next": links.get("next"), "previous": links.get("previous")}


def _address(request: HttpRequest, offset: int) -> str:
    """The address of this request with another offset."""
    query = request.GET.copy()
    query["offset"] = str(offset)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
