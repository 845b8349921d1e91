import pytest

from conso_duel import console

READY = "%(site)s est prêt\u00a0: %(url)s"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": ""}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LC_ALL": "POSIX"}, "fr"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LANG": "frp_FR"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, "fr"),
    ],
)
def test_the_locale_names_the_language_and_french_is_the_first(
    environment: dict[str, str], language: str
) -> None:
    assert console.language(environment) == language


def test_messages_are_in_that_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert console.gettext(READY) == READY
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert console.gettext(READY) == "%(site)s is ready: %(url)s"
