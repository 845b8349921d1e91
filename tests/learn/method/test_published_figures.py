"""Nos erreurs: estimates made live beside published figures; training apart from the total."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from learn import beyond_answers
from learn.method import published_figures
from learn.model_choices import models_by_slug
from science.energy import carbon
from science.energy.outside_measurements import read_outside_measurements


def test_every_case_is_on_the_page_with_its_link(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:errors")).content.decode()
    for case in read_outside_measurements():
        assert case.what_fr in body and case.why_fr in body and case.source in body


def test_both_languages_have_their_texts(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:errors"), headers={"accept-language": "en"}).content.decode()
    assert all(case.why_en in body for case in read_outside_measurements())


def test_a_ratio_is_that_of_both_figures_and_the_band_says_whether_it_is_inside(registry: None) -> None:
    groups = published_figures.figure_groups(published_figures.compare_figures(models_by_slug()))
    for row in (row for group in groups for row in group.rows):
        figure = row.figure
        assert figure.ratio.mid == pytest.approx(figure.ours.mid / figure.published.mid)
        covers = row.low_percent <= row.equal_percent <= row.low_percent + row.width_percent
        assert covers == figure.is_inside
        assert row.low_percent >= 0 and row.low_percent + row.width_percent <= 100.01


def test_a_figure_is_shown_as_it_was_published(registry: None) -> None:
    figures = {one.measurement.case: one for one in published_figures.compare_figures(models_by_slug())}
    with translation.override("en"):
        assert figures["mistral-large-2-fra"].published_label == "1,140\u00a0mg"
        assert figures["microsoft-large-long"].published_label == "3.91\u00a0Wh"
        assert figures["google-gemini-median"].published_label == "0.24\u00a0Wh"
        assert figures["inferencemax-r1-1k8k"].published_range == "15.0\u00a0Wh to 16.3\u00a0Wh"
        assert figures["m2-gpu-qwen-3b"].published_label == "0.052\u00a0Wh"


def test_mistrals_life_cycle_is_set_beside_our_co2(registry: None) -> None:
    models = models_by_slug()
    for figure in published_figures.compare_figures(models):
        if case := figure.measurement.mix and figure.measurement:
            shape = published_figures.shape_of(case, models)
            assert shape is not None
            ours = carbon(published_figures.estimate_case(case, shape), case.mix)
            assert figure.ours == ours.electricity_g


def test_a_model_that_the_registry_lacks_is_left_out_and_named(db: None, client: Client) -> None:
    shown = published_figures.compare_figures({})
    assert shown and not any(figure.measurement.model for figure in shown)
    assert "deepseek-v3" in client.get(reverse("learn:errors")).content.decode()


def test_training_is_computed_from_the_published_hours(registry: None, client: Client) -> None:
    share = beyond_answers.training_share(models_by_slug())
    assert share is not None and share.training_gwh == "22"
    assert pytest.approx(27.5, abs=0.05) == beyond_answers.GPU_KW * 39.3e6 / 1e6  # as the table says
    assert pytest.approx(2.0, abs=0.05) == beyond_answers.GPU_KW * 2.788e6 / 1e6
    assert beyond_answers.openai_water_ml() == "0,32"
    body = client.get(reverse("learn:training")).content.decode()
    assert all(figure.source in body for figure in beyond_answers.TRAINING_FIGURES)
