"""Where answers were made: what is stored with each, and the Hosting of a side for the energy methods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from backends.metering import Reading
from duels.models import Answer
from models_registry.models import Endpoint, LanguageModel
from science.energy import (
    CLOUD,
    Hosting,
    HostingKind,
    Interval,
    ModelShape,
    own_server,
    read_power,
    supposed_power,
    this_computer,
)

DECIMALS = 4  # of seconds and joules


class PowerSource(StrEnum):
    """Where the power of this computer comes from, the best first."""

    READ = "read"  # by the machine
    DECLARED = "declared"  # by a curator
    TYPICAL = "typical"  # of such computers


def hosting_fields(
    endpoint: Endpoint | None, reading: Reading | None, writing_seconds: float | None
) -> dict[str, Any]:
    """The stored place of an answer: the facts of its endpoint that day, and what was metered.

    writing_seconds: from the first to the last token.
    """
    facts = endpoint.hosting_facts() if endpoint else {}
    return {"hosting": facts | (_metered(reading, writing_seconds) if reading else {})}


def _metered(reading: Reading, writing_seconds: float | None) -> dict[str, float]:
    """Seconds and joules of one answer; those that could not be metered are left out."""
    measured = {
        "writing_seconds": writing_seconds,
        "elapsed_seconds": reading.elapsed_seconds,
        "shared_seconds": reading.shared_seconds,
        "processor_seconds": reading.processor_seconds,
        "work_seconds": reading.work_seconds,
        "prompt_seconds": reading.prompt_seconds,
        "energy_j": reading.energy_j,
    }
    return {name: round(value, DECIMALS) for name, value in measured.items() if value is not None}


def served_shape(model: LanguageModel, endpoint: Endpoint | None) -> ModelShape:
    """The model in the precision of the file that was run, where a curator has said it."""
    shape = model.shape()
    bits = endpoint.served_bits if endpoint else None
    return replace(shape, weight_bits=bits) if bits else shape


def stored_hosting(answers: Sequence[Answer]) -> Hosting:
    """Where one side was made; the place of most of its tokens, should its turns have been made in two."""
    if not any(answer.hosting for answer in answers):
        return CLOUD
    facts: Mapping[str, Any] = max(answers, key=_tokens).hosting
    match facts.get("kind"):
        case HostingKind.OWN_SERVER:
            return own_server(
                facts.get("accelerator", ""),
                facts.get("accelerator_count"),
                facts.get("simultaneous_answers"),
                is_measured=facts.get("load_is_measured", False),
            )
        case HostingKind.THIS_COMPUTER:
            here = [answer for answer in answers if answer.hosting.get("kind") == HostingKind.THIS_COMPUTER]
            processor = facts.get("processor", "cpu")
            return this_computer(processor, _power_w(here), _work_seconds(here), _prompt_share(here))
    return CLOUD


def _tokens(answer: Answer) -> int:
    return answer.tokens_out + answer.reasoning_tokens


def _work_seconds(answers: Sequence[Answer]) -> float | None:
    """The work of all turns; one without a meter counts as long for each token as the others."""
    metered = [answer for answer in answers if "elapsed_seconds" in answer.hosting]
    seconds = sum(answer_seconds(answer) for answer in metered)
    tokens, all_tokens = sum(map(_tokens, metered)), sum(map(_tokens, answers))
    work_seconds = seconds * all_tokens / tokens if tokens else 0.0
    return work_seconds if work_seconds > 0 else None  # shorter than any clock can tell, or without a token


def answer_seconds(answer: Answer) -> float:
    """The computer's work for one answer: by processor time, else from the first to the last token."""
    facts = answer.hosting
    if facts.get("work_seconds"):  # zero: shorter than the processor's clock can tell
        return float(facts["work_seconds"])
    written = facts.get("writing_seconds", facts["elapsed_seconds"])
    return float(written * facts["shared_seconds"] / facts["elapsed_seconds"]) if written else 0.0


def _prompt_share(answers: Sequence[Answer]) -> float:
    """The share of the work that came before the first token; 0 where it was not metered."""
    metered = [answer.hosting for answer in answers if answer.hosting.get("work_seconds")]
    work = sum(facts["work_seconds"] for facts in metered)
    return sum(facts.get("prompt_seconds", 0.0) for facts in metered) / work if work else 0.0


def power_source(answers: Sequence[Answer]) -> PowerSource:
    """How the power of the computer that wrote these answers is known."""
    if _read_watts(answers):
        return PowerSource.READ
    return PowerSource.DECLARED if _declared_watts(answers) else PowerSource.TYPICAL


def _power_w(answers: Sequence[Answer]) -> Interval | None:
    """Read by the machine, else declared by a curator; None for a typical one."""
    if read := _read_watts(answers):
        return read_power(read)
    declared = _declared_watts(answers)
    return supposed_power(declared) if declared else None


def _read_watts(answers: Sequence[Answer]) -> float | None:
    read = [answer for answer in answers if "energy_j" in answer.hosting]
    joules = sum(answer.hosting["energy_j"] for answer in read)
    seconds = sum(map(_metered_seconds, read))
    return joules / seconds if joules and seconds else None


def _declared_watts(answers: Sequence[Answer]) -> float | None:
    return next((watts for answer in answers if (watts := answer.hosting.get("power_watts"))), None)


def _metered_seconds(answer: Answer) -> float:
    """The seconds over which its joules were counted."""
    return float(answer.hosting.get("work_seconds") or answer.hosting["shared_seconds"])
