"""`make curator`: makes the account that keeps the site, or gives it another password."""

import getpass
import os
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

NAME, PASSWORD = "CONSO_CURATOR_NAME", "CONSO_CURATOR_PASSWORD"


class Command(BaseCommand):
    help = _("Crée le compte qui tient le site, ou change son mot de passe.")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        name, password = self._name_and_password()
        try:
            User(username=name).clean_fields(exclude=["password"])
            validate_password(password, User(username=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        account, is_new = User.objects.get_or_create(username=name)
        account.is_active = account.is_staff = account.is_superuser = True
        account.set_password(password)
        account.save()
        sentence = (
            _("Le compte « %(name)s » est créé. Ouvrez /admin/ sur le site.")
            if is_new
            else _("Le compte « %(name)s » a un nouveau mot de passe. Ouvrez /admin/ sur le site.")
        )
        self.stdout.write(sentence % {"name": name})

    def _name_and_password(self) -> tuple[str, str]:
        """From the environment, for scripts; else from the terminal, the password twice."""
        if name := os.environ.get(NAME, "").strip():
            return name, os.environ.get(PASSWORD, "")
        try:
            name = input(_("Nom du compte : ")).strip()
            password = getpass.getpass(_("Mot de passe : "))
            again = getpass.getpass(_("Encore une fois : "))
        except (EOFError, KeyboardInterrupt) as error:
            raise CommandError(_("Aucun compte n’est créé.")) from error
        if password != again:
            raise CommandError(_("Les deux mots de passe diffèrent : aucun compte n’est créé."))
        return name, password
