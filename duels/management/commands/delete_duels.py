"""`manage.py delete_duels ADDRESS…`: on request, or for texts that must not stay on the site."""

from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from duels import deletion
from duels.models import Duel
from duels.sharing import links


class Command(BaseCommand):
    help = _("Supprime des duels d’après leur adresse, ou celle de leur résultat partagé.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar=_("ADRESSE"))

    def handle(self, *args: Any, addresses: list[str], **options: Any) -> None:
        """Delete all of them, or none where one address leads to no duel."""
        found = {duel_at(address).pk for address in addresses}
        deleted = deletion.delete(Duel.objects.filter(pk__in=found))
        self.stdout.write(_("Duels supprimés : %(count)d") % {"count": deleted})


def duel_at(address: str) -> Duel:
    """The duel of its own address, or of the link that shares it; raises CommandError."""
    try:
        named = resolve(urlsplit(address).path).kwargs
        if "token" in named:
            return links.resolve(named["token"]).duel
        return Duel.objects.get(code=named["code"])
    except (ValueError, LookupError, Resolver404, Duel.DoesNotExist):
        message = _("Aucun duel à cette adresse : %(address)s")
        raise CommandError(message % {"address": address}) from None
