"""Importing files: a dry run first, then the same plan, all or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from models_registry.exchange.apply import RowAction, RowOutcome
from models_registry.exchange.export import FORMAT, export_csv, export_json
from models_registry.exchange.parse import parse_file
from models_registry.exchange.plan import ImportPlan, PlanChanged, dry_run, run_import
from models_registry.models import Endpoint, LanguageModel, Licence, Organisation, Source
from tests.cast import grand_70b, make_organisation, melange_117b, open_licence, petit_3b, secret
from tests.models_registry.drafts import as_draft

pytestmark = pytest.mark.django_db
COMPARIA = (Path(__file__).parent / "comparia_models.json").read_text(encoding="utf-8")
PAGE = {"link": "https://fiche.example", "title": "Fiche", "read_on": "2026-05-04"}
ALL_SOURCES = [{"fact": fact, **PAGE} for fact in Source.Fact.values]


def document(*models: dict[str, Any], **parts: Any) -> str:
    return json.dumps({"format": FORMAT, "version": 1, "models": models, **parts})


def new_model(**facts: Any) -> dict[str, Any]:
    open_licence()
    make_organisation("Fabrique Quatrevents")
    return {
        "slug": "neuf-7b",
        "name": "Neuf 7B",
        "organisation": "fabrique-quatrevents",
        "licence": "essai-1.0",
        "architecture": "dense",
        "total_params_b": 7.2,
        **facts,
    }


def dry_run_text(text: str) -> ImportPlan:
    return dry_run(parse_file(text))


def import_text(text: str, user: User, **options: Any) -> ImportPlan:
    rows = parse_file(text)
    return run_import(rows, user_id=user.pk, digest=dry_run(rows).digest, **options)


@pytest.fixture
def whole_cast() -> list[LanguageModel]:
    models = [petit_3b(aliases=["petit:3b"]), grand_70b(), melange_117b(), secret()]
    for model in models:
        for fact in Source.Fact.values:
            Source.objects.create(model=model, fact=fact, link=f"https://{fact}.example", title="Une | fiche")
    return models


@pytest.mark.parametrize("export", [export_json, export_csv])
def test_what_was_exported_changes_nothing_when_it_comes_back(
    whole_cast: list[LanguageModel], export: Any
) -> None:
    plan = dry_run_text(export())
    assert {outcome.action for outcome in plan.outcomes} == {RowAction.UNCHANGED}
    assert {model.name for model in whole_cast} <= {outcome.name for outcome in plan.outcomes}


def test_an_export_fills_an_empty_registry(whole_cast: list[LanguageModel], curator: User) -> None:
    Endpoint.objects.filter(provider_model="petit-3b").update(temperature=0.2, extra_body={"seed": 7})
    text = export_json()
    for kind in (LanguageModel, Organisation, Licence):
        kind.objects.all().delete()
    plan = import_text(text, curator)
    assert plan.counts == {RowAction.CREATED: 4 + 4 + 1}
    assert export_json() == text


def test_a_dry_run_writes_nothing() -> None:
    plan = dry_run_text(document(new_model()))
    assert [outcome.action for outcome in plan.outcomes] == [RowAction.CREATED]
    assert not LanguageModel.objects.exists()


def test_each_change_is_listed_before_and_after(curator: User) -> None:
    model = petit_3b()
    changed = document({"slug": "petit-3b", "total_params_b": 3.2, "status": "draft", "reasoning": True})
    (outcome,) = dry_run_text(changed).outcomes
    assert outcome.action == RowAction.UPDATED
    assert "Paramètres au total (milliards) : 3,07 → 3,2" in outcome.changes
    assert "Statut : Activé → Brouillon" in outcome.changes
    assert "Raisonne avant de répondre : non → oui" in outcome.changes
    import_text(changed, curator)
    model.refresh_from_db()
    assert (model.total_params_b, model.reasoning, model.name) == (3.2, True, "Petit-3B")


def test_the_import_is_in_the_history_of_each_row(curator: User) -> None:
    model = as_draft(petit_3b())
    import_text(document({"slug": "petit-3b", "total_params_b": 3.2}, new_model()), curator)
    changed = LogEntry.objects.get(object_id=str(model.pk))
    assert changed.user == curator
    assert "3,07 → 3,2" in changed.get_change_message()
    assert LogEntry.objects.get(object_repr="Neuf 7B").is_addition()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"architecture": "mixture_of_experts"}, "paramètres actifs par jeton"),
        ({"architecture": "mixture_of_experts", "active_params_b": 8}, "ne peuvent pas dépasser le total"),
        ({"architecture": "matformer"}, "taille effective"),
        ({"disclosed": False, "total_params_b": None}, "fourchette de l’hypothèse"),
        ({"organisation": "personne"}, "« personne » n’est pas dans le registre"),
        ({"slug": "Neuf 7B"}, "Minuscules"),
        ({"status": "enabled", "release_date": "2025-01-02"}, "point d’accès"),
        ({"total_params_b": "beaucoup"}, "nombre"),
        ({"name": ""}, "Nom\xa0: Donnez son nom."),
        ({"sources": [{"fact": "size", "link": "nulle part", "title": "x"}]}, "source « nulle part »"),
        ({"endpoints": [{"base_url": "ici", "provider_model": "x"}]}, "point d’accès « ici »"),
        (
            {"endpoints": [{"base_url": "http://a.example/v1", "provider_model": "x", "extra_body": [1]}]},
            "accolades",
        ),
    ],
)
def test_a_faulty_row_is_refused_with_its_reason(facts: dict[str, Any], words: str) -> None:
    (outcome,) = dry_run_text(document(new_model(**facts))).outcomes
    assert outcome.action == RowAction.REFUSED
    assert any(words in reason for reason in outcome.reasons), outcome.reasons


def test_nothing_comes_in_while_a_row_is_refused(curator: User) -> None:
    text = document(new_model(), {"slug": "autre"})
    with pytest.raises(PlanChanged):
        import_text(text, curator)
    assert not LanguageModel.objects.exists()
    assert not LogEntry.objects.exists()


def test_refused_rows_are_left_out_when_the_curator_says_so(curator: User) -> None:
    plan = import_text(document(new_model(), {"slug": "autre"}), curator, leave_refused=True)
    assert (plan.written, plan.refused) == (1, 1)
    assert LanguageModel.objects.get().slug == "neuf-7b"


def test_a_refused_row_leaves_none_of_its_parts() -> None:
    dry_run_text(document(new_model(status="enabled", sources=ALL_SOURCES)))
    text = document(new_model(sources=[*ALL_SOURCES, {"fact": "size", "link": "faux", "title": ""}]))
    assert dry_run_text(text).refused == 1
    assert not Source.objects.exists()


def test_what_is_imported_is_what_was_shown(curator: User) -> None:
    as_draft(petit_3b())
    rows = parse_file(document({"slug": "petit-3b", "total_params_b": 3.2}))
    shown = dry_run(rows)
    LanguageModel.objects.update(total_params_b=3.5)
    with pytest.raises(PlanChanged) as changed:
        run_import(rows, user_id=curator.pk, digest=shown.digest)
    assert "3,5 → 3,2" in changed.value.plan.outcomes[0].changes[0]
    assert LanguageModel.objects.get().total_params_b == 3.5


def test_a_model_comes_enabled_with_its_endpoint_and_its_sources(curator: User) -> None:
    endpoint = {"base_url": "http://127.0.0.1:11434/v1", "provider_model": "neuf:7b", "priority": 3}
    ready = new_model(status="enabled", release_date="2025-01-02", sources=ALL_SOURCES, endpoints=[endpoint])
    import_text(document(ready), curator)
    assert LanguageModel.objects.playable().get().endpoints.get().priority == 3


def test_an_endpoint_that_is_there_is_changed_and_keeps_its_health(curator: User) -> None:
    endpoint = as_draft(petit_3b()).endpoints.get()
    endpoint.record_success(80)
    place = {"base_url": endpoint.base_url, "provider_model": endpoint.provider_model}
    import_text(document({"slug": "petit-3b", "endpoints": [{**place, "priority": 2}]}), curator)
    stored = Endpoint.objects.get()
    assert (stored.priority, stored.ttft_ms) == (2, 80)


def test_the_sources_of_the_file_replace_those_that_were_there(curator: User) -> None:
    model = as_draft(petit_3b())
    Source.objects.create(model=model, fact="size", link="https://vieille.example", title="Vieille")
    plan = import_text(document({"slug": "petit-3b", "sources": ALL_SOURCES}), curator)
    assert plan.outcomes[0].changes == ("sources ajoutées : 4", "sources retirées : 1")
    assert set(model.sources.values_list("link", flat=True)) == {"https://fiche.example"}


def test_an_enabled_model_may_not_lose_its_sources_to_a_file(whole_cast: list[LanguageModel]) -> None:
    (outcome,) = dry_run_text(document({"slug": "petit-3b", "sources": ALL_SOURCES[:2]})).outcomes
    assert outcome.action == RowAction.REFUSED
    assert "il manque une source" in outcome.reasons[0]


def test_the_same_row_twice_is_refused_the_second_time() -> None:
    plan = dry_run_text(document(new_model(), new_model()))
    assert [outcome.action for outcome in plan.outcomes] == [RowAction.CREATED, RowAction.REFUSED]


def test_a_name_of_another_model_is_refused() -> None:
    petit_3b(aliases=["petit:3b"])
    (outcome,) = dry_run_text(document(new_model(aliases=["Petit:3B"]))).outcomes
    assert "déjà un nom de Petit-3B" in outcome.reasons[0]


def test_an_unknown_column_is_reported_and_left_out() -> None:
    (outcome,) = dry_run_text(document(new_model(couleur="bleu"))).outcomes
    assert outcome.action == RowAction.CREATED
    assert "couleur" in outcome.notes[0]


def comparia_outcomes() -> dict[str, RowOutcome]:
    make_organisation("Mistral AI")
    Licence.objects.create(slug="apache-2.0", name="Apache 2.0", link="https://a.example", kind="open_source")
    petit_3b(aliases=["petit-3b-essai", "petit-3b-essai-q4"], total_params_b=3.07)
    return {outcome.place: outcome for outcome in dry_run_text(COMPARIA).outcomes}


def test_every_row_of_comparia_is_accounted_for() -> None:
    outcomes = comparia_outcomes()
    assert {place: str(outcome.action) for place, outcome in outcomes.items()} == {
        "petit-3b-essai": "unchanged",
        "petit-3b-essai-q4": "unchanged",
        "dense-neuf-12b": "created",
        "experts-neufs-30b": "created",
        "poupee-neuve-e4b": "created",
        "secret-suppose": "refused",
        "maison-inconnue-7b": "refused",
        "licence-inconnue-7b": "refused",
        "experts-sans-actifs": "refused",
        "date-illisible": "refused",
    }
    assert all(outcome.reasons for outcome in outcomes.values() if outcome.action == RowAction.REFUSED)


def test_a_sourced_fact_is_never_replaced_by_comparias_and_the_difference_is_reported() -> None:
    outcomes = comparia_outcomes()
    notes = outcomes["petit-3b-essai"].notes
    assert "paramètres au total (milliards) : « 3 » dans le fichier, « 3,07 » gardé." in notes
    assert any("q4" in note for note in outcomes["petit-3b-essai-q4"].notes)
    assert not any("date" in note for note in notes)  # a day of March is in March


def test_comparia_fills_what_is_empty(curator: User) -> None:
    comparia_outcomes()
    LanguageModel.objects.update(release_date=None, status="draft")
    import_text(COMPARIA, curator, leave_refused=True)
    assert str(LanguageModel.objects.get(slug="petit-3b").release_date) == "2025-03-01"


def test_a_model_that_comparia_alone_knows_comes_in_as_a_draft_with_its_source(curator: User) -> None:
    comparia_outcomes()
    import_text(COMPARIA, curator, leave_refused=True)
    model = LanguageModel.objects.get(slug="experts-neufs-30b")
    assert (model.status, model.total_params_b, model.active_params_b) == ("draft", 30, 3.3)
    assert (model.reasoning, model.release_precision, model.aliases) == (True, "month", ["experts-neufs-30b"])
    assert set(model.sources.values_list("fact", flat=True)) == set(Source.Fact.values)
    assert LanguageModel.objects.get(slug="poupee-neuve-e4b").effective_params_b == 4


def test_a_supposed_size_is_reported_and_never_stored() -> None:
    refused = comparia_outcomes()["secret-suppose"]
    assert any("suppose 440 milliards" in note for note in refused.notes)
    assert any("fourchette" in reason for reason in refused.reasons)


def test_a_second_import_of_comparia_changes_nothing(curator: User) -> None:
    comparia_outcomes()
    import_text(COMPARIA, curator, leave_refused=True)
    assert dry_run_text(COMPARIA).written == 0


def test_comparia_does_not_put_a_size_beside_another_architecture(curator: User) -> None:
    comparia_outcomes()
    LanguageModel.objects.all().delete()
    secret(aliases=["petit-3b-essai"])
    outcome = {outcome.place: outcome for outcome in dry_run_text(COMPARIA).outcomes}["petit-3b-essai"]
    assert outcome.action == RowAction.UNCHANGED
    assert any("architecture" in note for note in outcome.notes)
