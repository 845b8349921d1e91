"""The second factor of a curator: codes of an authenticator app (TOTP), and recovery codes, each used once.

django-otp holds the keys and checks the codes, under a row lock and never the same one twice; the limits on
wrong ones are those of the door (conso_duel/site/code_step.py).
"""

import re
from base64 import b32encode
from typing import Any

import django_otp
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
APP_CODE, SEPARATORS = re.compile(r"[0-9]{6}"), re.compile(r"[\s-]+")
Curator = AbstractBaseUser | AnonymousUser


def is_active(user: Curator) -> bool:
    """Whether this account asks for a code after its password."""
    return bool(TOTPDevice.objects.filter(user=user.pk, confirmed=True).exists())


def device_to_confirm(user: Curator) -> Any:
    """The app that is being set up, with the same key each time the page is opened."""
    waiting = TOTPDevice.objects.filter(user=user.pk, confirmed=False).order_by("pk")
    return waiting.first() or TOTPDevice.objects.create(user_id=user.pk, name="app", confirmed=False)


def readable_key(device: Any) -> str:
    """The key as apps take it from the keyboard, in groups of four letters."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def verify(user: Curator, written: str) -> Any:
    """The device that takes this code, once, for a recovery code is then gone; None for a wrong code."""
    code = SEPARATORS.sub("", written).lower()
    kind = TOTPDevice if APP_CODE.fullmatch(code) else StaticDevice
    device = kind.objects.filter(user=user.pk, confirmed=True).first()
    return device and django_otp.verify_token(user, device.persistent_id, code)


@transaction.atomic
def confirm(user: Curator, written: str) -> Any:
    """The same for the app that is being set up: with a right code, it is the account's second factor."""
    code = SEPARATORS.sub("", written)
    waiting = device_to_confirm(user)
    if not APP_CODE.fullmatch(code) or not django_otp.verify_token(user, waiting.persistent_id, code):
        return None
    TOTPDevice.objects.filter(user=user.pk).exclude(pk=waiting.pk).delete()
    TOTPDevice.objects.filter(pk=waiting.pk).update(confirmed=True)
    waiting.refresh_from_db()
    return waiting


@transaction.atomic
def renew_recovery_codes(user: Curator) -> list[str]:
    """New ones in place of all others, as they are shown: once."""
    StaticDevice.objects.filter(user=user.pk).delete()
    device = StaticDevice.objects.create(user_id=user.pk, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_codes_left(user: Curator) -> int:
    return int(StaticToken.objects.filter(device__user=user.pk).count())


@transaction.atomic
def remove(user: Curator) -> bool:
    """Whether there was one to remove, recovery codes included."""
    removed = [kind.objects.filter(user=user.pk).delete()[0] for kind in (TOTPDevice, StaticDevice)]
    return any(removed)
