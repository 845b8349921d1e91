"""The projector."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from web.http import Request
from web.qr_code import qr_svg
from workshops.codes import in_groups
from workshops.feed import make_fragment
from workshops.identity import facilitator_token, get_workshop
from workshops.pages.rendering import render_view
from workshops.room_state import load_snapshot


@require_safe
def screen(request: Request, code: str) -> HttpResponse:
    workshop = get_workshop(request, code)
    snapshot = load_snapshot(code)
    assert snapshot is not None
    fragment = make_fragment(render_view(snapshot, "screen"))
    context = {
        "workshop": workshop,
        "code": code,
        "spoken_code": in_groups(code),
        "fragment": SafeString(fragment.html),
        "tag": fragment.tag,
        "has_lens": any(step.figure == "lens" for step in snapshot.scenario.steps),
        "is_facilitator": bool(facilitator_token(request, workshop)),
        "join_address": short_address(request),
        "qr": qr_svg(f"{request.scheme}://{request.get_host()}/a/{code}/"),
    }
    return render(request, "workshops/screen.html", context)


def short_address(request: Request) -> str:
    """The address that one reads aloud, without its scheme."""
    return f"{request.get_host()}/a"
