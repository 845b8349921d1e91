"""`manage.py messages`: brings the catalogues up to date with the code, and compiles them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from conso_duel import translations


class Command(BaseCommand):
    help = _("Met à jour et compile les catalogues ; dit ce qui reste à traduire.")

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = translations.updated()
        path = translations.po_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(translations.po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(translations.mo_bytes(catalog))
        french = translations.french_mo_path()
        french.parent.mkdir(parents=True, exist_ok=True)
        french.write_bytes(translations.mo_bytes(translations.french_plurals()))
        for message in translations.untranslated(catalog):
            self.stdout.write(_("à traduire : %(message)s") % {"message": message})
