"""Messages of programs for the person at the terminal, in the language of its locale.

They are needed before Django is set up, hence the standard library's gettext over the site's catalogue.
"""

import gettext as catalogues
import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set wins, as in POSIX
NEUTRAL = ("", "C", "POSIX")
PRODUCT_NAME, SITE_NAME_VARIABLE = "Conso Duel", "CONSO_SITE_NAME"


def language(environment: Mapping[str, str] = os.environ) -> str:
    """ "fr", or "en" where the locale names another language than French."""
    locale = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    return "fr" if re.split(r"[_.@]", locale)[0] in (*NEUTRAL, "fr") else "en"


def gettext(message: str) -> str:
    """The message, which is French in the source, in the language of the terminal."""
    return _catalogue(language()).gettext(message)


@cache
def _catalogue(name: str) -> catalogues.NullTranslations:
    if name == "fr":
        return catalogues.NullTranslations()
    return catalogues.translation("django", LOCALE_DIR, [name], fallback=True)


def site_name(environment: Mapping[str, str] = os.environ) -> str:
    """The name that the site gives itself, here and in `settings.SITE_NAME`."""
    return environment.get(SITE_NAME_VARIABLE, "").strip() or PRODUCT_NAME


def print_line(line: str) -> None:
    """Print at once, even through a pipe."""
    print(line, flush=True)


def print_error(line: str) -> None:
    """Print at once to the standard error."""
    print(line, file=sys.stderr, flush=True)
