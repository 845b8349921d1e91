"""`make curator`: an account that may log in to the admin, from the environment or from the terminal."""

import getpass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from conso_duel.embedded import setup

PASSWORD = "une phrase assez longue"
pytestmark = pytest.mark.django_db(transaction=True)


def answer(monkeypatch: pytest.MonkeyPatch, name: str, *passwords: str) -> None:
    """Type these at the terminal."""
    given = iter(passwords)
    monkeypatch.setattr("builtins.input", lambda question: name)
    monkeypatch.setattr(getpass, "getpass", lambda question: next(given))


def test_the_account_asked_for_can_log_in(monkeypatch: pytest.MonkeyPatch, client: Any) -> None:
    answer(monkeypatch, "lucie", PASSWORD, PASSWORD)
    assert not setup.has_curator()
    call_command("curator")
    assert setup.has_curator()
    assert client.login(username="lucie", password=PASSWORD)
    assert client.get("/admin/").status_code == 200


def test_a_script_gives_name_and_password_and_may_do_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSO_CURATOR_NAME", "lucie")
    for password in (PASSWORD, PASSWORD + " encore"):
        monkeypatch.setenv("CONSO_CURATOR_PASSWORD", password)
        call_command("curator")
        assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("name", "passwords", "reason"),
    [
        ("lucie", (PASSWORD, PASSWORD + "!"), "diffèrent"),
        ("lucie", ("court", "court"), "12"),
        ("", (PASSWORD, PASSWORD), "vide"),
        ("l u", (PASSWORD, PASSWORD), "nom d’utilisateur"),
    ],
    ids=["two passwords", "too short", "no name", "a name with a space"],
)
def test_what_cannot_be_is_refused_and_makes_no_account(
    monkeypatch: pytest.MonkeyPatch, name: str, passwords: tuple[str, ...], reason: str
) -> None:
    answer(monkeypatch, name, *passwords)
    with pytest.raises(CommandError, match=reason):
        call_command("curator")
    assert not User.objects.exists()
