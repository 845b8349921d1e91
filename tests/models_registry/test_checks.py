"""Warnings of the system check when the site starts."""

import pytest
from django.core import checks
from django.core.management import call_command

from models_registry.models import Endpoint, LanguageModel, Source
from tests.cast import petit_3b

pytestmark = pytest.mark.django_db
KEY = "CLE_QUE_PERSONNE_NE_DONNE"


def warnings() -> list[checks.CheckMessage]:
    return checks.run_checks(tags=[checks.Tags.database], databases=["default"])


def complete_model() -> LanguageModel:
    model = petit_3b()
    for fact in Source.Fact.values:
        Source.objects.create(model=model, fact=fact, link="https://fiche.example", title="Fiche")
    return model


def test_a_complete_model_without_key_is_no_cause_for_a_warning() -> None:
    complete_model()
    assert warnings() == []


def test_an_enabled_model_whose_key_is_missing_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    complete_model().endpoints.update(api_key_env=KEY)
    assert [warning.id for warning in warnings()] == ["models_registry.W001"]
    call_command("check", databases=["default"])
    messages = capsys.readouterr().err
    assert "pas de tirage pour : Petit-3B" in messages
    assert KEY in messages


def test_a_key_in_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    complete_model().endpoints.update(api_key_env=KEY)
    monkeypatch.setenv(KEY, "x")
    assert warnings() == []
    assert Endpoint.objects.get().missing_key == ""


def test_a_draft_or_a_disabled_endpoint_needs_no_key() -> None:
    model = complete_model()
    model.endpoints.update(api_key_env=KEY)
    Endpoint.objects.create(
        model=model, base_url="http://127.0.0.1:9/v1", provider_model="libre", api_key_env=""
    )
    model.endpoints.filter(api_key_env=KEY).update(enabled=False)
    assert warnings() == []
    model.endpoints.filter(api_key_env=KEY).update(enabled=True)
    LanguageModel.objects.update(status=LanguageModel.Status.DRAFT)
    assert warnings() == []


def test_an_enabled_model_that_lacks_a_source_is_reported() -> None:
    petit_3b()
    (warning,) = warnings()
    assert warning.id == "models_registry.W002"
    assert "source" in str(warning.hint)


def test_without_a_database_nothing_is_asked() -> None:
    petit_3b()
    assert [each for each in checks.run_checks() if str(each.id).startswith("models_registry")] == []
