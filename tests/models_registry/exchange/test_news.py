"""Comparing the registry with other lists of models: what is missing, retired or different."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from models_registry.discovery.matching import NameIndex
from models_registry.exchange.news import COMPARIA as COMPARIA_NAME
from models_registry.exchange.news import (
    ECOLOGITS,
    NewsItem,
    NewsKind,
    PublishedModel,
    UnreadableList,
    compare,
    draft_import,
    read_ecologits,
    read_list,
)
from models_registry.exchange.parse import parse_file
from models_registry.exchange.plan import dry_run
from models_registry.models import LanguageModel
from tests.cast import grand_70b, melange_117b, petit_3b, secret

pytestmark = pytest.mark.django_db

COMPARIA = (Path(__file__).parent / "comparia_models.json").read_text(encoding="utf-8")


def published(name: str, **facts: Any) -> PublishedModel:
    return PublishedModel(name, "fabrique", **facts)


def news(*models: PublishedModel, list_name: str = "Liste") -> list[NewsItem]:
    return compare(list_name, models, NameIndex())


def ecologits(name: str, architecture: dict[str, Any], provider: str = "openai") -> dict[str, Any]:
    return {"models": [{"name": name, "provider": provider, "architecture": architecture}]}


def models_dev(**models: dict[str, Any]) -> str:
    return json.dumps({"mistral": {"models": models}, "revendeur": {"models": {"autre": {"name": "Autre"}}}})


def test_the_installed_ecologits_is_read_without_its_dated_copies() -> None:
    names = {model.name for model in read_ecologits()}
    assert "gpt-5.4" in names
    assert not {name for name in names if name.endswith(("-2026-03-05", "-latest")) or "/" in name}
    assert not {name for name in names if name.endswith(("-transcribe", "-tts"))}


@pytest.mark.parametrize(
    ("architecture", "total", "active"),
    [
        ({"type": "dense", "parameters": 7.25}, (7.25, 7.25), None),
        ({"type": "dense", "parameters": {"min": 8, "max": 28}}, (8, 28), None),
        (
            {"type": "moe", "parameters": {"total": 440, "active": {"min": 44, "max": 132}}},
            (440, 440),
            (44, 132),
        ),
        ({"type": "moe", "parameters": {"total": 46.7, "active": 12.9}}, (46.7, 46.7), (12.9, 12.9)),
    ],
)
def test_each_form_of_a_size_of_ecologits_is_a_range(
    architecture: dict[str, Any], total: tuple[float, float], active: tuple[float, float] | None
) -> None:
    (model,) = read_ecologits(ecologits("un-modele", architecture))
    assert (model.total_b, model.active_b) == (total, active)


def test_a_list_of_models_dev_gives_the_makers_own_models_that_write_text() -> None:
    name, models = read_list(
        models_dev(
            neuf={"name": "Neuf", "release_date": "2026-10-06", "limit": {"context": 262_144}},
            dessin={"name": "Dessin", "modalities": {"output": ["image"]}},
            vieux={"name": "Vieux", "status": "deprecated"},
            **{
                "recherche-embed": {"name": "Recherche"},
                "meta/prete-70b": {"name": "Prêté"},
            },
        )
    )
    assert (name, [model.name for model in models]) == ("models.dev", ["neuf", "vieux"])
    assert (models[0].released, models[0].window_tokens, models[0].retired) == ("2026-10-06", 262_144, False)
    assert models[1].retired


def test_the_list_of_comparia_gives_sizes_months_and_what_it_archived() -> None:
    name, models = read_list(COMPARIA)
    assert name == "compar:IA"
    assert len(models) == len(json.loads(COMPARIA)["models"])
    assert {model.released for model in models} == {"2024-11", "2025-03", None}
    assert any(model.retired for model in models)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"un": {"deux": 3}}'])
def test_any_other_file_is_refused(text: str) -> None:
    with pytest.raises(UnreadableList):
        read_list(text)


def test_a_model_that_the_registry_lacks_is_news_unless_it_is_retired() -> None:
    petit_3b()
    found = news(
        published("tout-neuf", total_b=(8, 28), released="2026-10"), published("perdu", retired=True)
    )
    assert [(item.kind, item.model, item.theirs) for item in found] == [
        (NewsKind.MISSING, "tout-neuf", "2026-10, 8–28")
    ]


def test_a_model_retired_elsewhere_is_news_until_it_is_archived() -> None:
    model = petit_3b()
    assert [item.kind for item in news(published("petit-3b", retired=True))] == [NewsKind.RETIRED]
    LanguageModel.objects.filter(pk=model.pk).update(status=LanguageModel.Status.ARCHIVED)
    assert news(published("petit-3b", retired=True)) == []


def test_a_model_that_comparia_rests_is_news_only_while_it_plays_here() -> None:
    model = petit_3b()
    resting = published("petit-3b", retired=True)
    assert [item.kind for item in news(resting, list_name=COMPARIA_NAME)] == [NewsKind.RETIRED]
    LanguageModel.objects.filter(pk=model.pk).update(status=LanguageModel.Status.DRAFT)
    assert news(resting, list_name=COMPARIA_NAME) == []
    assert [item.kind for item in news(resting)] == [NewsKind.RETIRED]


def test_two_names_of_one_model_make_one_line() -> None:
    petit_3b()
    twice = published("petit-3b", total_b=(9, 9)), published("Petit 3B", total_b=(9, 9))
    assert [item.kind for item in news(*twice)] == [NewsKind.SIZE]


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"released": "2026-01-15"}, []),
        ({"released": "2026-01"}, []),
        ({"released": "2026-01-16"}, [NewsKind.DATE]),
        ({"released": "2026-02"}, [NewsKind.DATE]),
        ({"window_tokens": 33_000}, []),
        ({"window_tokens": 131_072}, [NewsKind.WINDOW]),
        ({"total_b": (3.15, 3.15)}, []),
        ({"total_b": (3, 3)}, []),
        ({"total_b": (4, 4)}, [NewsKind.SIZE]),
        ({"total_b": (2, 6)}, [NewsKind.SIZE]),
    ],
)
def test_a_fact_that_differs_is_news(facts: dict[str, Any], kinds: list[NewsKind]) -> None:
    model = petit_3b()
    LanguageModel.objects.filter(pk=model.pk).update(
        release_date="2026-01-15", release_precision="day", context_window_tokens=32_768, total_params_b=3.1
    )
    assert [item.kind for item in news(published("petit-3b", **facts))] == kinds


def test_a_guess_inside_our_hypothesis_is_no_news() -> None:
    model = secret()
    low, high = model.hypothesis_low_b or 0, model.hypothesis_high_b or 0
    assert news(published(model.slug, total_b=(low, high))) == []
    assert [item.kind for item in news(published(model.slug, total_b=(low / 2, high)))] == [NewsKind.SIZE]


def test_an_active_size_that_differs_is_news() -> None:
    model = melange_117b()
    active = (model.active_params_b or 0) * 2
    (item,) = news(published(model.slug, active_b=(active, active)))
    assert item.kind is NewsKind.SIZE
    assert item.theirs.startswith("actifs ")


def test_the_draft_is_a_file_that_the_import_accepts() -> None:
    known = grand_70b()
    supposed = published("suppose-1", total_b=(8, 28), released="2026-10-06", window_tokens=128_000)
    mixture = PublishedModel("melange-1", known.organisation.slug, total_b=(440, 440), active_b=(44, 132))
    text = draft_import({ECOLOGITS: [supposed, mixture], "models.dev": [published("editeur/nu-1"), supposed]})
    plan = dry_run(parse_file(text))
    assert plan.refused == 0
    assert [outcome.name for outcome in plan.outcomes if outcome.kind == "model"] == [
        "suppose-1", "melange-1", "nu-1"
    ]  # fmt: skip
    models = {model["slug"]: model for model in json.loads(text)["models"]}
    assert (models["suppose-1"]["hypothesis_low_b"], models["suppose-1"]["hypothesis_high_b"]) == (4, 56)
    assert models["melange-1"]["organisation"] == known.organisation.slug
    assert not LanguageModel.objects.filter(slug="suppose-1").exists()


def test_the_command_prints_tables_and_writes_the_draft(tmp_path: Path) -> None:
    petit_3b()
    (liste := tmp_path / "liste.json").write_text(COMPARIA, encoding="utf-8")
    output = StringIO()
    call_command("catalogue_news", liste, draft=tmp_path / "brouillon.json", stdout=output)
    printed = output.getvalue()
    for title in ("Absents du registre", "Retirés ailleurs", "Dates qui diffèrent", "Tailles qui diffèrent"):
        assert title in printed
    assert "gpt-5.4" in printed
    assert dry_run(parse_file((tmp_path / "brouillon.json").read_text(encoding="utf-8"))).refused == 0


def test_a_file_that_is_no_list_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "autre.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="ni la liste de compar:IA"):
        call_command("catalogue_news", tmp_path / "autre.json", stdout=StringIO())
