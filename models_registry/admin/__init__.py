"""Admin site of the curators."""

from django.conf import settings
from django.contrib import admin
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from models_registry.admin import endpoints, language_models, organisations

__all__ = ["endpoints", "language_models", "organisations"]

admin.site.site_title = admin.site.site_header = format_lazy("{}, {}", settings.SITE_NAME, _("curation"))
admin.site.index_title = _("Tenir le registre")
admin.site.enable_nav_sidebar = False  # four lists only: leave the width to their columns
