"""`manage.py pack`: make a pack of finished duels, as a JSON file or as one page that needs no network."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from duels.models import Duel
from duels.queries import load_answers
from recordings.pack_file import pack_json
from recordings.pack_format import Pack, RecordedDuel
from recordings.pack_page import pack_page
from recordings.pack_schema import InvalidPack, parse_pack
from recordings.recorder import NothingToRecord, holds_personal_data, make_pack, record_duel


class Command(BaseCommand):
    help = _("Compose un paquet de duels terminés, à rejouer ailleurs ou sans réseau.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("duels", nargs="*", metavar=_("DUEL"), help=_("codes de duels terminés"))
        source_help = _("part d’un paquet déjà fait")
        parser.add_argument("--from", dest="source", type=Path, metavar=_("PAQUET"), help=source_help)
        parser.add_argument("--out", type=Path, metavar=_("FICHIER"), help=_("écrit le paquet en JSON"))
        page_help = _("écrit le paquet en une page, qui s’ouvre sans réseau")
        parser.add_argument("--html", type=Path, metavar=_("FICHIER"), help=page_help)
        parser.add_argument("--title", default="", help=_("titre du paquet"))
        parser.add_argument("--maker", default="", help=_("qui le compose"))
        parser.add_argument("--language", choices=("fr", "en"), default="fr", help=_("langue de la page"))

    def handle(
        self,
        *args: Any,
        duels: list[str],
        source: Path | None,
        out: Path | None,
        html: Path | None,
        title: str,
        maker: str,
        language: str,
        **options: Any,
    ) -> None:
        if not (out or html):
            raise CommandError(_("Dites où écrire : --out FICHIER, --html FICHIER ou les deux."))
        with override(language):
            pack = read_pack(source) if source else self._make(duels, title, maker)
            if out:
                out.write_text(pack_json(pack), encoding="utf-8")
            if html:
                html.write_text(pack_page(pack), encoding="utf-8")
        self.stdout.write(_("Duels dans le paquet : %(count)d") % {"count": len(pack["duels"])})

    def _make(self, codes: list[str], title: str, maker: str) -> Pack:
        recorded = [one for code in codes if (one := self._record(code))]
        if not recorded:
            raise CommandError(_("Aucun duel à mettre dans le paquet."))
        return make_pack(recorded, title or _("Duels enregistrés"), maker or settings.SITE_NAME)

    def _record(self, code: str) -> RecordedDuel | None:
        """The recording of a duel; None, with a sentence, where it cannot be handed on."""
        duel = Duel.objects.filter(code=code).first()
        if duel is None:
            raise CommandError(_("Aucun duel n’a le code %(code)s.") % {"code": code})
        try:
            recorded = record_duel(load_answers(duel))
        except NothingToRecord:
            self.stderr.write(_("%(code)s est laissé de côté : il n’a pas deux réponses.") % {"code": code})
            return None
        if holds_personal_data(recorded):
            sentence = _(
                "%(code)s est laissé de côté : ses textes semblent contenir des données personnelles."
            )
            self.stderr.write(sentence % {"code": code})
            return None
        return recorded


def read_pack(path: Path) -> Pack:
    """The pack of a file. Raises CommandError."""
    try:
        return parse_pack(path.read_bytes())
    except (OSError, InvalidPack) as error:
        raise CommandError(_("Ce fichier n’est pas un paquet : %(error)s") % {"error": error}) from error
