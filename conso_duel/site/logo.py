"""Serves the logo that CONSO_SITE_LOGO names."""

from mimetypes import guess_type

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=3_600)
def logo(request: HttpRequest) -> HttpResponse:
    if settings.SITE_LOGO is None:
        raise Http404
    return HttpResponse(settings.SITE_LOGO.read_bytes(), content_type=guess_type(settings.SITE_LOGO)[0])
