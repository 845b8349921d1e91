"""`manage.py catalogue_news [liste.json…]`: what other lists of models know that the registry does not."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.discovery.matching import NameIndex
from models_registry.exchange.news import (
    ECOLOGITS,
    NewsItem,
    NewsKind,
    PublishedModel,
    UnreadableList,
    compare,
    draft_import,
    missing_models,
    read_ecologits,
    read_list,
)
from web.formatting import label_value

TITLES = {
    NewsKind.MISSING: gettext_lazy("Absents du registre"),
    NewsKind.RETIRED: gettext_lazy("Retirés ailleurs"),
    NewsKind.DATE: gettext_lazy("Dates qui diffèrent"),
    NewsKind.WINDOW: gettext_lazy("Fenêtres de contexte qui diffèrent"),
    NewsKind.SIZE: gettext_lazy("Tailles qui diffèrent, en milliards de paramètres"),
}


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Compare le registre à la liste d’EcoLogits et à celles de models.dev et de compar:IA. "
            "N’écrit rien dans le registre."
        )
        parser.add_argument(
            "lists",
            nargs="*",
            type=Path,
            metavar="FILE",
            help=_("l’« api.json » de models.dev, ou le fichier des modèles de compar:IA"),
        )
        parser.add_argument(
            "--draft",
            type=Path,
            metavar="FILE",
            help=_("écrit les modèles absents dans un fichier que l’administration importe"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lists = read_lists(options["lists"])
        index = NameIndex()
        news = [item for name, models in lists.items() for item in compare(name, models, index)]
        for kind, title in TITLES.items():
            self._print_table(str(title), [item for item in news if item.kind is kind])
        if options["draft"]:
            missing = {name: missing_models(models, index) for name, models in lists.items()}
            options["draft"].write_text(draft_import(missing), encoding="utf-8")
            self.stdout.write(
                _("Brouillon à relire, puis à importer : %(path)s") % {"path": options["draft"]}
            )

    def _print_table(self, title: str, items: list[NewsItem]) -> None:
        """Print a title with its count, and a line per difference: the model, the list, theirs, ours."""
        self.stdout.write(label_value(title, str(len(items))))
        width = max((len(item.model) for item in items), default=0)
        for item in items:
            ours = _(" (ici : %(ours)s)") % {"ours": item.ours} if item.ours else ""
            self.stdout.write(f"  {item.model:<{width}}  {item.list_name:<10}  {item.theirs}{ours}".rstrip())


def read_lists(paths: list[Path]) -> dict[str, list[PublishedModel]]:
    """The installed EcoLogits and these files, by list; raises CommandError when one cannot be read."""
    try:
        lists = {ECOLOGITS: read_ecologits()}
        for path in paths:
            name, models = read_list(path.read_text(encoding="utf-8"))
            lists[name] = models
    except (OSError, UnreadableList) as error:
        raise CommandError(str(error)) from error
    return lists
