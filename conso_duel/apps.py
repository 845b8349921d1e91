"""The application of this package."""

from django.apps import AppConfig
from django.contrib import admin


class ConsoDuelConfig(AppConfig):
    name = "conso_duel"

    def ready(self) -> None:
        """Register the checks, and load Celery so that the tasks bind to it; give the admin its login, and
        take from it the pages that would show the keys of second factors."""
        from django_otp.plugins.otp_static.models import StaticDevice
        from django_otp.plugins.otp_totp.models import TOTPDevice

        import conso_duel.celery
        import conso_duel.operations.checks  # noqa: F401
        from conso_duel.site.login import PasswordForm

        admin.site.login_form = PasswordForm
        admin.site.unregister([TOTPDevice, StaticDevice])
