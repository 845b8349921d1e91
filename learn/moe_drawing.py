"""Drawings of networks token by token: the cells that work, as SVG paths of small squares."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from django.utils.translation import gettext as _

from duels.reveal.ratio_labels import format_factor
from learn.sizes import BITS_PER_BYTE, weights_gb
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import Architecture, Change, estimate, what_if
from science.energy.physical_method_2 import weights_read_b
from web.formatting import format_int, percent, watt_hours

CELL_PITCH = 10  # distance from one cell to the next, in units of the drawing
CELL_SIDE = 8
BLOCK_COLUMNS = 16
BLOCK_FROM_EXPERTS = 64  # from this number on, a layer is drawn as a block
DRAWN_LAYERS = 4
BATCHES = (1, 8, 64)

# Experts that every token passes through, besides those it is routed to.
# https://arxiv.org/abs/2412.19437 (section 4.2) and
# https://github.com/huggingface/transformers/blob/main/src/transformers/models/llama4/modeling_llama4.py
SHARED_EXPERTS = {"deepseek-v3": 1, "llama-4-scout": 1}
# First layers without experts, and all layers: section 4.2 of the same report.
DENSE_LAYERS = {"deepseek-v3": (3, 61)}

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """One token and the SVG path of the cells that work for it."""

    token: str
    active_cells: str


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """A network, with one frame for each token."""

    entry: CatalogueEntry
    width: int
    height: int
    cells: str
    frames: tuple[Frame, ...]
    experts_total: int = 0
    experts_active: int = 0
    shared: int = 0
    dense_layers: int = 0
    all_layers: int = 0


@dataclass(frozen=True, slots=True)
class BatchUsage:
    """The experts of one layer that `batch` conversations use together, in the mean, for one token each."""

    batch: int
    cells: str
    active_cells: str
    used: int


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """The memory that a model takes, the shares of its weights read and computed, and its energy.

    stored_label: GB of all its parameters, where some are only looked up; empty otherwise.
    dense_label: its energy against a dense model of the same size, for a mixture of experts only.
    """

    entry: CatalogueEntry
    memory_label: str
    stored_label: str
    computed_label: str
    read_labels: list[str]
    energy_label: str
    dense_label: str


def svg_path(cells: Iterable[Cell]) -> str:
    """The SVG path of small squares at these columns and rows."""
    side = f"h{CELL_SIDE}v{CELL_SIDE}h-{CELL_SIDE}z"
    return "".join(f"M{column * CELL_PITCH} {row * CELL_PITCH}{side}" for column, row in sorted(cells))


def example_tokens() -> tuple[str, ...]:
    return tuple(_("Le ␣chat ␣dort ␣au ␣soleil .").split())


def draw_dense(
    entry: CatalogueEntry, tokens: Sequence[str] = (), working_share: float = 1.0
) -> NetworkDrawing:
    """A network without experts: for every token the same cells work, all of them in a dense model.

    tokens: of the frames; those of the example by default.
    """
    columns = max(1, round(BLOCK_COLUMNS * working_share))
    cells = svg_path(_block_cells(BLOCK_COLUMNS))
    frames = tuple(Frame(token, svg_path(_block_cells(columns))) for token in tokens or example_tokens())
    return NetworkDrawing(entry, BLOCK_COLUMNS * CELL_PITCH, DRAWN_LAYERS * CELL_PITCH, cells, frames)


def _block_cells(columns: int) -> Iterator[Cell]:
    return product(range(columns), range(DRAWN_LAYERS))


def draw_mixture(entry: CatalogueEntry, tokens: Sequence[str] = ()) -> NetworkDrawing:
    """A mixture of experts; the active ones are sampled, with the slug as seed: the same at each visit.

    tokens: of the frames; those of the example by default.
    """
    total, active = entry.model.experts_total or 1, entry.model.experts_active or 1
    shared = SHARED_EXPERTS.get(entry.model.slug, 0)
    layers = 1 if total >= BLOCK_FROM_EXPERTS else DRAWN_LAYERS
    always = {(_columns(total) + place, layer) for layer in range(layers) for place in range(shared)}
    rng = Random(entry.model.slug)
    frames = tuple(
        Frame(token, svg_path(_active_cells(rng, total, active, layers) | always))
        for token in tokens or example_tokens()
    )
    every = {cell for layer in range(layers) for cell in _expert_cells(range(total), total, layer)} | always
    dense_layers, all_layers = DENSE_LAYERS.get(entry.model.slug, (0, 0))
    return NetworkDrawing(
        entry=entry,
        width=(_columns(total) + shared) * CELL_PITCH,
        height=(1 + max(row for _, row in every)) * CELL_PITCH,
        cells=svg_path(every),
        frames=frames,
        experts_total=total,
        experts_active=active,
        shared=shared,
        dense_layers=dense_layers,
        all_layers=all_layers,
    )


def batch_usages(entry: CatalogueEntry) -> list[BatchUsage]:
    """The experts of one layer that each batch size uses."""
    total, active = entry.model.experts_total or 1, entry.model.experts_active or 1
    return [_batch_usage(entry, total, active, batch) for batch in BATCHES]


def _batch_usage(entry: CatalogueEntry, total: int, active: int, batch: int) -> BatchUsage:
    used = round(total * (1 - (1 - active / total) ** batch))
    sample = Random(f"{entry.model.slug} {batch}").sample(range(total), used)
    every = svg_path(_expert_cells(range(total), total, 0))
    return BatchUsage(batch, every, svg_path(_expert_cells(sample, total, 0)), used)


def compare_model(entry: CatalogueEntry) -> ModelComparison:
    """Weights held, read for each of BATCHES and computed, and the energy of an answer."""
    size = entry.shape.served_sizes()[1]
    answer = estimate(entry.shape, USUAL_ANSWER_TOKENS)
    is_mixture = entry.shape.architecture is Architecture.MIXTURE_OF_EXPERTS
    dense = [other.factor for other in what_if(answer) if is_mixture and other.change is Change.DENSE]
    stored_gb = (entry.shape.total_params_b or 0) * entry.shape.weight_bits / BITS_PER_BYTE
    return ModelComparison(
        entry=entry,
        memory_label=format_int(weights_gb(entry)),
        stored_label=format_int(stored_gb) if stored_gb > weights_gb(entry) else "",
        computed_label=percent(size.active_b / size.total_b),
        read_labels=[percent(weights_read_b(size, batch) / size.total_b) for batch in BATCHES],
        energy_label=watt_hours(answer.mid_wh),
        dense_label=format_factor(1 / dense[0]) if dense else "",
    )


def _active_cells(rng: Random, total: int, active: int, layers: int) -> set[Cell]:
    return {
        cell
        for layer in range(layers)
        for cell in _expert_cells(rng.sample(range(total), active), total, layer)
    }


def _expert_cells(experts: Iterable[int], total: int, layer: int) -> set[Cell]:
    """The cells of experts: in the row of their layer, or in a block from BLOCK_FROM_EXPERTS on."""
    columns = _columns(total)
    return {(expert % columns, layer + expert // columns) for expert in experts}


def _columns(total: int) -> int:
    return BLOCK_COLUMNS if total >= BLOCK_FROM_EXPERTS else total
