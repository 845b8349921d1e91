"""`manage.py load_recordings`: import the packs that the site ships; what is there already stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from recordings.importing import import_pack
from recordings.shipped import shipped_packs


class Command(BaseCommand):
    help = _("Importe les duels enregistrés qui viennent avec le site.")

    def handle(self, *args: Any, **options: Any) -> None:
        taken = sum(import_pack(pack).taken for pack in shipped_packs())
        self.stdout.write(_("Importés : %(count)d") % {"count": taken})
