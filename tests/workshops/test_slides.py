"""Every slide of the ready-made scenarios finds all that its template shows, whatever the lessons rename."""

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import override

from workshops.lesson_slides import figure_context
from workshops.scenario import ready_made

MISSING = "[nothing here]"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.usefixtures("registry")
def test_no_value_is_missing_on_a_slide(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", MISSING)
    steps = [step for scenario in ready_made(language).values() for step in scenario.steps]
    slides = {(step.title, step.figure): step for step in steps if step.kind == "slide"}
    assert {"squares", "graph", "experts", "nested", "lens"} <= {figure for _, figure in slides}
    figure_context.cache_clear()
    with override(language):
        shown = {
            title: render_to_string(
                "workshops/_slide.html", {"step": step, **figure_context(figure, language, 0)}
            )
            for (title, figure), step in slides.items()
        }
    figure_context.cache_clear()
    assert [title for title, html in shown.items() if MISSING in html] == []
