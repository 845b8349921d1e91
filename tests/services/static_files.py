"""Static files under hashed names, as in production; compressed only where a test looks at that."""

from django.core.management import call_command
from django.test import override_settings

# Gzip and Brotli at their best take ten seconds of processor time.
UNCOMPRESSED = {"SERVESTATIC_USE_GZIP": False, "SERVESTATIC_USE_BROTLI": False, "SERVESTATIC_USE_ZSTD": False}


def collect(*, compressed: bool) -> None:
    with override_settings(**({} if compressed else UNCOMPRESSED)):
        call_command("collectstatic", interactive=False, verbosity=0)
