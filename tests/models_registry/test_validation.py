"""The rules that every fact passes, typed, imported or loaded."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from models_registry import validation
from models_registry.models import LanguageModel, Source
from models_registry.seed.read import read_catalogue
from tests.cast import grand_70b, melange_117b, petit_3b, secret

MIXTURE: dict[str, Any] = {
    "architecture": "mixture_of_experts",
    "total_params_b": 47.0,
    "active_params_b": 13.0,
    "experts_total": 8,
    "experts_active": 2,
}
HIDDEN: dict[str, Any] = {
    "architecture": "undisclosed",
    "disclosed": False,
    "hypothesis_low_b": 100.0,
    "hypothesis_high_b": 400.0,
    "hypothesis_why_fr": "Son prix.",
}
MATFORMER: dict[str, Any] = {"architecture": "matformer", "total_params_b": 8.0, "effective_params_b": 4.0}


def fields_with_issues(**facts: Any) -> set[str]:
    return {fault.field for fault in validation.fact_issues(LanguageModel(**facts))}


@pytest.mark.parametrize("facts", [MIXTURE, HIDDEN, MATFORMER])
def test_sound_facts_have_no_fault(facts: dict[str, Any]) -> None:
    assert fields_with_issues(**facts) == set()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({**MIXTURE, "active_params_b": 48.0}, "active_params_b"),
        ({**MIXTURE, "active_params_b": None}, "active_params_b"),
        ({**MIXTURE, "experts_active": 9}, "experts_active"),
        ({**MIXTURE, "experts_active": 7}, "active_params_b"),
        ({**MIXTURE, "experts_total": None}, "experts_total"),
        ({**MIXTURE, "total_params_b": None}, "total_params_b"),
        ({**MIXTURE, "weight_bits": 64.0}, "weight_bits"),
        ({**MIXTURE, "total_params_b": -1.0, "active_params_b": None}, "total_params_b"),
        ({**MATFORMER, "effective_params_b": None}, "effective_params_b"),
        ({**MATFORMER, "effective_params_b": 9.0}, "effective_params_b"),
        ({**MATFORMER, "active_params_b": 3.0}, "active_params_b"),
        ({"architecture": "dense", "total_params_b": 7.0, "active_params_b": 2.0}, "active_params_b"),
        ({"architecture": "dense", "total_params_b": 7.0, "experts_total": 8}, "experts_total"),
        ({"architecture": "dense", "total_params_b": 7.0, "effective_params_b": 4.0}, "effective_params_b"),
        ({"architecture": "dense", "total_params_b": 7.0, "hypothesis_low_b": 4.0}, "hypothesis_low_b"),
        ({**HIDDEN, "disclosed": True}, "disclosed"),
        ({**HIDDEN, "hypothesis_low_b": None}, "hypothesis_low_b"),
        ({**HIDDEN, "hypothesis_high_b": None}, "hypothesis_high_b"),
        ({**HIDDEN, "hypothesis_low_b": 400.0}, "hypothesis_high_b"),
        ({**HIDDEN, "hypothesis_why_fr": ""}, "hypothesis_why_fr"),
        ({**HIDDEN, "total_params_b": 200.0}, "total_params_b"),
        ({**HIDDEN, "hypothesis_active_low_b": 20.0}, "hypothesis_active_high_b"),
        (
            {**HIDDEN, "hypothesis_active_low_b": 150.0, "hypothesis_active_high_b": 200.0},
            "hypothesis_active_low_b",
        ),
        ({**HIDDEN, "architecture": "mixture_of_experts"}, "hypothesis_active_low_b"),
        ({**MATFORMER, "experts_total": 8, "experts_active": 2}, "experts_total"),
    ],
)
def test_a_fault_is_reported_beside_the_field_that_can_mend_it(facts: dict[str, Any], field: str) -> None:
    assert field in fields_with_issues(**facts)


sizes = st.none() | st.floats(-1, 2000)
counts = st.none() | st.integers(-1, 300)


@given(
    facts=st.fixed_dictionaries(
        {
            "architecture": st.sampled_from(LanguageModel.Architecture.values),
            "disclosed": st.booleans(),
            "total_params_b": sizes,
            "active_params_b": sizes,
            "effective_params_b": sizes,
            "experts_total": counts,
            "experts_active": counts,
            "weight_bits": st.none() | st.floats(-1, 64),
            "hypothesis_low_b": sizes,
            "hypothesis_high_b": sizes,
            "hypothesis_active_low_b": sizes,
            "hypothesis_active_high_b": sizes,
            "hypothesis_why_fr": st.sampled_from(["", "Son prix."]),
        }
    )
)
def test_facts_without_fault_always_make_a_shape(facts: dict[str, Any]) -> None:
    model = LanguageModel(**facts)
    if not list(validation.fact_issues(model)):
        assert model.shape().served_sizes()[1].total_b > 0


def test_every_model_of_the_catalogue_passes() -> None:
    faulty = {
        entry.slug: [fault.sentence for fault in validation.fact_issues(entry)]
        for entry in read_catalogue().models
    }
    assert {slug: faults for slug, faults in faulty.items() if faults} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("cast", [petit_3b, grand_70b, melange_117b, secret])
def test_the_cast_passes(cast: Any) -> None:
    model = cast()
    model.full_clean()
    assert [fault.field for fault in model.enable_blockers()] == ["sources"]


@pytest.mark.django_db
def test_an_enabled_model_lacks_what_it_lacks() -> None:
    model = petit_3b(release_precision="month")
    model.endpoints.update(enabled=False)
    model.release_date = None
    assert {fault.field for fault in model.enable_blockers()} == {"release_date", "endpoints", "sources"}
    for fact in Source.Fact.values:
        Source.objects.create(model=model, fact=fact, link="https://fiche.example", title="Fiche")
    model.endpoints.update(enabled=True)
    model.release_date = date(2025, 1, 1)
    assert model.enable_blockers() == []


@pytest.mark.django_db
def test_a_draft_may_lack_its_date_and_an_enabled_model_may_not() -> None:
    model = petit_3b()
    model.release_date, model.status = None, LanguageModel.Status.DRAFT
    model.full_clean()
    model.status = LanguageModel.Status.ENABLED
    with pytest.raises(ValidationError) as refused:
        model.full_clean()
    assert list(refused.value.message_dict) == ["release_date"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:11434/v1",
        "http://vllm:8000/v1",
        "http://localhost:8080/v1/",
        "https://api.mistral.ai/v1",
        "http://[::1]:8080/v1",
    ],
)
def test_an_address_of_a_server_is_taken(address: str) -> None:
    validation.validate_base_url(address)
    assert address  # no fault was raised


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:11434/v1",
        "ftp://models.example/v1",
        "http:///v1",
        "https://user:secret@models.example/v1",
        "https://models.example/v1?key=secret",
        "https://models.example/v1/chat/completions",
        "https://models.example/v1/models/",
        "https://models.example/v 1",
    ],
)
def test_what_is_not_a_base_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validation.validate_base_url(address)


@pytest.mark.parametrize(
    "facts",
    [
        {"architecture": "dense", "total_params_b": 218.0, "active_params_b": 25.0},
        {"architecture": "", "total_params_b": 218.0, "active_params_b": 25.0},
        {
            **HIDDEN,
            "architecture": "dense",
            "hypothesis_active_low_b": 10.0,
            "hypothesis_active_high_b": 40.0,
        },
    ],
)
def test_a_mixture_given_as_dense_is_refused(facts: dict[str, Any]) -> None:
    assert fields_with_issues(**facts)
