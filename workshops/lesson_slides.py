"""The figures of slides: those of the lessons, from the same library, in a form for the projector."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from learn import moe_drawing, nested_models, sizes
from learn.model_choices import ModelsBySlug, models_by_slug
from learn.tokenizer_view import FIRST_TEXT
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from models_registry.pages.labels import working_size_b
from web.formatting import billions

DENSE_EXAMPLE = "llama-3.3-70b"
MIXTURES = ("mixtral-8x7b", "deepseek-v3")


def _squares(models: ModelsBySlug) -> dict[str, Any]:
    return {
        "squares": [
            (square, billions(working_size_b(square.entry.shape)))
            for square in sizes.squares(sizes.existing(models, sizes.LADDER))
        ]
    }


def _graph(models: ModelsBySlug) -> dict[str, Any]:
    graph = sizes.slide_graph(sizes.existing(models, sizes.SLIDES), USUAL_ANSWER_TOKENS)
    return {"graph": graph, "tokens": USUAL_ANSWER_TOKENS}


def _experts(models: ModelsBySlug) -> dict[str, Any]:
    dense = [moe_drawing.draw_dense(entry) for entry in sizes.existing(models, [DENSE_EXAMPLE])]
    mixtures = [moe_drawing.draw_mixture(entry) for entry in sizes.existing(models, MIXTURES)]
    return {"drawings": dense + mixtures}


FIGURES: dict[str, Callable[[ModelsBySlug], dict[str, Any]]] = {
    "squares": _squares,
    "graph": _graph,
    "experts": _experts,
    "nested": lambda models: {"nested": nested_models.find_nested_models(models)},
    "lens": lambda _: {"first_text": FIRST_TEXT},
}


@lru_cache(maxsize=32)
def figure_context(figure: str, language: str, version: int) -> dict[str, Any]:
    """The context of the template of a figure, in the active language; version: of the workshop.

    Read again at each change, as a curator may edit a model meanwhile.
    """
    make = FIGURES.get(figure)
    return make(models_by_slug()) if make else {}
