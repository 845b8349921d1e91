"""A way back in for a curator who has lost both the phone and the recovery codes."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from conso_duel.site import second_factor


class Command(BaseCommand):
    help = _("Retire la double authentification d’un compte : son mot de passe suffit de nouveau.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help=_("le nom du compte"))

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        account = User.objects.filter(username=name).first()
        if not account:
            raise CommandError(_("Aucun compte ne s’appelle « %(name)s ».") % {"name": name})
        if not second_factor.remove(account):
            message = _("Le compte « %(name)s » n’a pas de double authentification.")
            raise CommandError(message % {"name": name})
        sentence = _("Le compte « %(name)s » n’a plus de double authentification.")
        self.stdout.write(sentence % {"name": name})
