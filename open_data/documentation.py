"""The schema and the data card of each table."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from leaderboard.pages.downloads import LICENCE, LICENCE_URL
from open_data.columns import Column, Kind, Table
from open_data.selection import MIN_VOTERS, MIN_VOTES

LANGUAGES = ("fr", "en")


def write_documentation(folder: Path, table: Table) -> None:
    """Write <table>.schema.json, and a card in each language."""
    schema = json.dumps(json_schema(table), ensure_ascii=False, indent=2)
    (folder / f"{table.name}.schema.json").write_text(f"{schema}\n", encoding="utf-8")
    for language in LANGUAGES:
        with override(language):
            (folder / f"{table.name}.{language}.md").write_text(data_card(table), encoding="utf-8")


def json_schema(table: Table) -> dict[str, Any]:
    """The JSON Schema of one line; the meanings are in English, as the names are."""
    with override("en"):
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": str(table.title),
            "type": "object",
            "properties": {column.name: _property(column) for column in table.columns},
            "required": [column.name for column in table.columns],
            "additionalProperties": False,
        }


def _property(column: Column) -> dict[str, Any]:
    described = {"description": str(column.meaning)}
    if column.kind is Kind.TEXTS:
        return {"type": "array", "items": {"type": "string"}} | described
    return {"type": [column.kind.value, "null"]} | described


def data_card(table: Table) -> str:
    """The card in the active language, as Markdown."""
    rules = rules_of_publication()
    lines = [f"# {settings.SITE_NAME} – {table.title}", "", f"{LICENCE} – {LICENCE_URL}", ""]
    lines += [f"- {rule}" for rule in rules]
    headings = " | ".join([_("Colonne"), _("Type"), _("Sens")])
    lines += ["", f"| {headings} |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.kind.value} | {column.meaning} |" for column in table.columns]
    return "\n".join(lines) + "\n"


def rules_of_publication() -> list[str]:
    """How the data are made, one sentence each: for the cards and for the page."""
    few = _(
        "Un mois paraît une fois fini, s’il compte au moins %(votes)d votes d’au moins %(voters)d personnes. "
        "Sinon, il attend."
    )
    return [
        _("Rien n’y désigne une personne : ni nom, ni empreinte, ni adresse, ni pays, ni jour, ni heure."),
        few % {"votes": MIN_VOTES, "voters": MIN_VOTERS},
        _("Tous les votes y sont, ceux qui ne comptent pas au classement aussi : leur ligne dit pourquoi."),
        _("Les duels d’un atelier n’y sont que si la personne qui l’anime l’a permis."),
        _("Les textes n’y sont que si leur auteur l’a demandé, et si aucun ne semble contenir de donnée "
          "personnelle."),
        _("Un duel effacé en sort à la publication suivante ; la table « removed » donne les codes à effacer "
          "de vos copies."),
        _("L’énergie est une estimation : chaque ligne porte sa méthode et ce dont elle part."),
    ]  # fmt: skip
