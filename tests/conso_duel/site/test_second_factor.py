"""A second factor: set up in the admin, asked for after the password, never twice, removed by a code."""

import re
import time
from base64 import b32decode
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from conso_duel.site import second_factor
from conso_duel.site.code_step import AWAITED, CODE_ATTEMPTS
from duels import valkey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

SET_UP, CODE = "/admin/double-authentification/", "/admin/login/code/"
PASSWORD = "la bonne"
STEP_SECONDS = 30


@pytest.fixture(autouse=True)
def curator(settings: Settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_superuser("marie", password=PASSWORD)


class App:
    """An authenticator app that has been given a key; its clock may go ahead."""

    def __init__(self, key: str) -> None:
        self._key = b32decode(key.replace(" ", ""))

    def code(self, steps_ahead: int = 0) -> str:
        totp = TOTP(self._key)
        totp.time = time.time() + steps_ahead * STEP_SECONDS
        return f"{totp.token():06d}"


def with_password(next_page: str = "/admin/") -> Client:
    """A browser where name and password have been given."""
    client = Client()
    given = {"username": "marie", "password": PASSWORD, "next": next_page}
    assert client.post("/admin/login/", given).status_code == 302
    return client


def shown_app(client: Client) -> App:
    """The app, which reads the key of the set-up page as text."""
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", client.get(SET_UP).content.decode())
    assert found
    return App(found[1])


def set_up(client: Client) -> tuple[App, list[str]]:
    """The app and the recovery codes of a curator who has just set them up."""
    app = shown_app(client)
    page = client.post(SET_UP, {"code": app.code(-1)}).content.decode()
    return app, re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page)


def is_inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def give(client: Client, code: str, **extra: Any) -> int:
    return client.post(CODE, {"code": code}, **extra).status_code


def test_the_whole_way_from_set_up_to_removal() -> None:
    first = with_password()
    assert is_inside(first)
    app, recovery_codes = set_up(first)
    assert len(set(recovery_codes)) == second_factor.RECOVERY_CODES
    assert is_inside(first)

    second = with_password("/admin/models_registry/languagemodel/")
    assert not is_inside(second)
    answer = second.post(CODE, {"code": app.code()})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/models_registry/languagemodel/")
    assert is_inside(second)
    assert AWAITED not in second.session

    assert "Ce code n’est pas le bon" in second.post(SET_UP, {"code": "000000"}).content.decode()
    assert second_factor.is_active(User.objects.get())
    assert second.post(SET_UP, {"code": app.code(1)}).status_code == 302
    assert not second_factor.is_active(User.objects.get())
    assert is_inside(with_password())


def test_the_picture_gives_apps_the_key_and_the_name_of_the_site(settings: Settings) -> None:
    settings.OTP_TOTP_ISSUER = "Duels : l’école"
    client = with_password()
    page = client.get(SET_UP).content.decode()
    assert re.search(r'<svg [^>]*class="qr"', page)
    assert "style=" not in page and "<script>" not in page
    address = TOTPDevice.objects.get().config_url
    assert address.startswith("otpauth://totp/Duels%20%20l%E2%80%99%C3%A9cole%3Amarie?secret=")


def test_a_key_that_no_code_has_confirmed_asks_for_nothing() -> None:
    client = with_password()
    app = shown_app(client)
    assert "Ce code n’est pas le bon" in client.post(SET_UP, {"code": "12345"}).content.decode()
    assert shown_app(client).code() == app.code()
    assert is_inside(with_password())


def test_recovery_codes_are_shown_once() -> None:
    client = with_password()
    _app, recovery_codes = set_up(client)
    page = client.get(SET_UP).content.decode()
    assert [code for code in recovery_codes if code in page] == []
    assert "10 codes de secours" in page
    assert 'class="qr"' not in page


def test_a_code_works_once() -> None:
    app, _recovery_codes = set_up(with_password())
    code = app.code()
    assert give(with_password(), code) == 302
    again = with_password()
    assert "il a déjà servi" in again.post(CODE, {"code": code}).content.decode()
    assert not is_inside(again)


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    _app, recovery_codes = set_up(with_password())
    assert give(with_password(), f" {recovery_codes[3].upper().replace('-', ' ')} ") == 302
    again = with_password()
    assert give(again, recovery_codes[3]) == 200
    assert give(again, recovery_codes[4]) == 302
    assert "8 codes de secours" in again.get(SET_UP).content.decode()


@pytest.mark.parametrize("code", ["", "1" * 21, "１２３４５６", "1_2345", "-12345", "abcd-efgh"])
def test_what_is_no_code_is_refused(code: str) -> None:
    set_up(with_password())
    client = with_password()
    assert give(client, code) == 200
    assert not is_inside(client)


def test_the_code_of_another_account_is_refused() -> None:
    set_up(with_password())
    User.objects.create_superuser("jean", password=PASSWORD)
    other = Client()
    other.post("/admin/login/", {"username": "jean", "password": PASSWORD})
    app, recovery_codes = set_up(other)
    client = with_password()
    assert [give(client, app.code()), give(client, recovery_codes[0])] == [200, 200]


def test_after_five_wrong_codes_even_the_right_one_waits() -> None:
    app, _recovery_codes = set_up(with_password())
    client = with_password()
    assert {give(client, "abcd-efgh") for _ in range(CODE_ATTEMPTS.count)} == {200}
    refused = client.post(CODE, {"code": app.code()})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 180
    assert "Aucun code ne peut être essayé" in refused.content.decode()
    assert give(client, app.code(), REMOTE_ADDR="203.0.113.78") == 302


def test_wrong_codes_are_limited_where_it_is_removed_too() -> None:
    client = with_password()
    app, _recovery_codes = set_up(client)
    statuses = [client.post(SET_UP, {"code": "abcd-efgh"}).status_code for _ in range(CODE_ATTEMPTS.count)]
    assert statuses == [200] * CODE_ATTEMPTS.count
    assert client.post(SET_UP, {"code": app.code()}).status_code == 429
    assert second_factor.is_active(User.objects.get())


def test_one_account_from_many_addresses_waits_too() -> None:
    app, _recovery_codes = set_up(with_password())
    client = with_password()
    for number in range(49):  # the set-up has been the first
        assert give(client, "abcd-efgh", REMOTE_ADDR=f"198.51.100.{number}") == 200
    assert give(client, app.code(), REMOTE_ADDR="198.51.100.99") == 429


def test_without_valkey_no_code_is_tried_and_a_password_alone_still_enters(
    settings: Settings, request: pytest.FixtureRequest
) -> None:
    app, _recovery_codes = set_up(with_password())
    client = with_password()
    User.objects.create_superuser("jean", password=PASSWORD)
    request.getfixturevalue("without_valkey")
    assert give(client, app.code()) == 429
    other = Client()
    assert other.post("/admin/login/", {"username": "jean", "password": PASSWORD}).status_code == 302
    assert is_inside(other)


def test_the_code_page_opens_only_after_the_password_and_for_some_minutes(curator: User) -> None:
    assert Client().get(CODE)["Location"] == "/admin/login/"
    app, _recovery_codes = set_up(with_password())
    late = with_password()
    session = late.session
    session[AWAITED] |= {"until": time.time() - 1}
    session.save()
    assert late.post(CODE, {"code": app.code()})["Location"] == "/admin/login/"
    before_a_change = with_password()
    curator.set_password("une autre")
    curator.save()
    assert before_a_change.post(CODE, {"code": app.code()})["Location"] == "/admin/login/"


def test_another_site_is_no_next_page() -> None:
    app, _recovery_codes = set_up(with_password())
    answer = with_password("https://ailleurs.example/").post(CODE, {"code": app.code()})
    assert answer["Location"] == "/admin/"


def test_a_session_from_before_the_set_up_begins_again() -> None:
    old = with_password()
    set_up(with_password())
    assert old.get("/admin/leaderboard/")["Location"] == "/admin/login/?next=/admin/leaderboard/"
    assert "_auth_user_id" not in old.session


def test_who_must_have_one_sees_nothing_else_before(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = with_password()
    for path in ("/admin/", "/admin/auth/user/", "/admin/password_change/", "/admin/nulle-part/"):
        assert client.get(path)["Location"] == SET_UP, path
    assert client.post("/admin/auth/user/add/", {"username": "x"})["Location"] == SET_UP
    app, _recovery_codes = set_up(client)
    assert is_inside(client)
    assert client.post(SET_UP, {"code": app.code()}).status_code == 302
    assert client.get("/admin/")["Location"] == SET_UP
    assert client.post("/admin/logout/").status_code == 200


def test_the_site_stays_open_to_who_has_none_yet(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert with_password().get("/a-propos/").status_code == 200


def test_no_page_of_the_admin_shows_the_keys() -> None:
    assert not admin.site.is_registered(TOTPDevice)
    client = with_password()
    app = shown_app(client)
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    set_up(client)
    assert TOTPDevice.objects.get().key not in client.get(SET_UP).content.decode()
    assert app.code()


def test_neither_keys_nor_codes_are_logged_or_counted_by_name(caplog: pytest.LogCaptureFixture) -> None:
    client = with_password()
    app, recovery_codes = set_up(client)
    device = TOTPDevice.objects.get()
    for code in ("abcd-efgh", *["123456"] * CODE_ATTEMPTS.count, app.code()):
        give(with_password(), code)
    secrets = (device.key, second_factor.readable_key(device), "123456", "abcd-efgh", *recovery_codes)
    assert "too many login attempts" in caplog.text
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert not [key for key in valkey.client().scan_iter("*login-code*") if "marie" in key]


def test_neither_page_answers_strangers_and_head_is_as_get() -> None:
    for path in (SET_UP, CODE):
        for ask in (Client().get, Client().head):
            answer = ask(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/admin/login/")
    client = with_password()
    head = client.head(SET_UP)
    assert (head.status_code, head.content) == (200, b"")
    set_up(client)
    assert with_password().head(CODE).status_code == 200


def test_the_operator_removes_what_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    client = with_password()
    set_up(client)
    call_command("remove_second_factor", "marie")
    assert "n’a plus de double authentification" in capsys.readouterr().out
    assert is_inside(with_password())
    assert second_factor.recovery_codes_left(User.objects.get()) == 0
    for name, reason in (("marie", "n’a pas de double"), ("paul", "Aucun compte")):
        with pytest.raises(CommandError, match=reason):
            call_command("remove_second_factor", name)
