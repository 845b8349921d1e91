#!/usr/bin/env python3
"""Django's command line, in the language of the terminal; a settings error is one line, not a traceback."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.utils import translation

from conso_duel import console


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
    try:
        django.setup()  # translations need the applications
        translation.activate(console.language())
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
