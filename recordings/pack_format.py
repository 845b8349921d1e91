"""The format of a pack, version 1: what its JSON holds, from which the published schema is made.

Sizes are in billions of parameters, energies in Wh, times in milliseconds. Nothing in it comes from a
visitor but the question: no code, no vote, no comment, no hour.
"""

from typing import Annotated, Any, Literal

from annotated_types import Ge, Len, MaxLen
from typing_extensions import TypedDict

FORMAT: Literal["conso-duel-pack"] = "conso-duel-pack"
VERSION: Literal[1] = 1
MAX_TEXT_CHARACTERS = 200_000
MAX_TURNS, MAX_POINTS, MAX_RECORDINGS, MAX_SOURCES = 10, 1_000, 2_000, 40

Line = Annotated[str, MaxLen(500)]
Text = Annotated[str, MaxLen(MAX_TEXT_CHARACTERS)]
Day = Annotated[str, Len(10, 10)]  # 2026-11-29
Count = Annotated[int, Ge(0)]
Size = Annotated[float, Ge(0)] | None
Point = Annotated[list[Count], Len(2, 2)]  # milliseconds since the question, characters shown


class Pace(TypedDict):
    """recorded: as the page showed it. rebuilt: from its beginning, its end and its length."""

    kind: Literal["recorded", "rebuilt", "unknown"]
    points: Annotated[list[Point], MaxLen(MAX_POINTS)]


class Source(TypedDict):
    fact: Line
    link: Annotated[str, MaxLen(2_000)]
    title: Line
    read_on: Day | None


class Organisation(TypedDict):
    slug: Line
    name: Line
    country: Line


class Licence(TypedDict):
    slug: Line
    name: Line
    link: Annotated[str, MaxLen(2_000)]
    kind: Line


class Model(TypedDict):
    """A model, with the facts that the registry had on the day of the recording."""

    slug: Line
    name: Line
    organisation: Organisation
    licence: Licence
    release_date: Day | None
    release_precision: Literal["day", "month"]
    architecture: Literal["dense", "mixture_of_experts", "matformer", "undisclosed"]
    disclosed: bool
    total_params_b: Size
    active_params_b: Size
    effective_params_b: Size
    weight_bits: Size
    experts_total: Count | None
    experts_active: Count | None
    hypothesis_low_b: Size
    hypothesis_high_b: Size
    hypothesis_active_low_b: Size
    hypothesis_active_high_b: Size
    hypothesis_why_fr: Text
    hypothesis_why_en: Text
    sources: Annotated[list[Source], MaxLen(MAX_SOURCES)]


class Answer(TypedDict):
    """count_source: who counted the tokens. shape, hosting, energy_method: what the energy is made from."""

    text: Text
    reasoning: Text
    truncation: Literal["", "length", "too_long", "filtered", "unknown"]
    stopped: bool
    pace: Pace
    tokens_in: Count | None
    tokens_out: Count
    reasoning_tokens: Count
    count_source: Literal["", "reported", "counted", "replaced"]
    vocabulary: Line
    shape: dict[str, Any]
    hosting: dict[str, Any]
    energy_method: Line


class Turn(TypedDict):
    question: Text
    a: Answer
    b: Answer


class Energy(TypedDict):
    """The energy of one side over all turns, as it was estimated on the day of the recording."""

    method: Line
    method_version: Line
    low_wh: Annotated[float, Ge(0)]
    mid_wh: Annotated[float, Ge(0)]
    high_wh: Annotated[float, Ge(0)]


class Sides(TypedDict):
    a: Model
    b: Model


class Energies(TypedDict):
    a: Energy
    b: Energy


class RecordedDuel(TypedDict):
    """source: the arena that it was played on. language: of the question, empty where it is not known."""

    recorded_on: Day
    source: Literal["conso-duel", "comparia"]
    language: Line
    models: Sides
    turns: Annotated[list[Turn], Len(1, MAX_TURNS)]
    energy: Energies


class Pack(TypedDict):
    """licence: under which the texts may be used. maker: who chose them, in their own words."""

    format: Literal["conso-duel-pack"]
    version: Literal[1]
    title: Line
    licence: Line
    licence_url: Annotated[str, MaxLen(2_000)]
    maker: Line
    made_on: Day
    duels: Annotated[list[RecordedDuel], Len(1, MAX_RECORDINGS)]
