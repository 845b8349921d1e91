"""The facts of a language model that determine its energy: size, architecture, precision of the weights."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

ROUNDING = 0.05  # sizes are published with two or three digits


class Architecture(StrEnum):
    """How the parameters of a model are used; undisclosed when its maker does not publish it."""

    DENSE = "dense"
    MIXTURE_OF_EXPERTS = "mixture_of_experts"
    MATFORMER = "matformer"
    UNDISCLOSED = "undisclosed"


@dataclass(frozen=True)
class ServedSize:
    """The total and active parameters, in billions, that a formula reads.

    expert_share: active over total experts, where both are known and there are experts.
    """

    total_b: float
    active_b: float
    expert_share: float | None = None


@dataclass(frozen=True)
class ModelShape:
    """The published facts about a model's size, or the hypothesis that stands for them.

    Parameters are in billions; weight_bits is the precision of the released weights.
    dense: active_params_b is left out or equals the total.
    mixture_of_experts: both are needed; experts_total and experts_active (chosen for a token, without the
    shared ones) where they are published.
    matformer: effective_params_b (the 2 of E2B) is the size that computes; active_params_b may stand for it.
    undisclosed: no size, but total_range_b, and active_range_b when experts are part of the hypothesis.
    Raises ValueError, with a sentence, when the facts do not hold together.
    """

    architecture: Architecture
    total_params_b: float | None
    active_params_b: float | None = None
    weight_bits: float = 16
    _: KW_ONLY
    effective_params_b: float | None = None
    total_range_b: tuple[float, float] | None = None
    active_range_b: tuple[float, float] | None = None
    experts_total: int | None = None
    experts_active: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "architecture", _architecture(self.architecture))
        if not 1 <= self.weight_bits <= 32:
            raise ValueError(f"weight_bits must lie between 1 and 32, got {self.weight_bits}")
        if self.architecture is Architecture.UNDISCLOSED:
            self._settle_hypothesis()
        else:
            self._settle_published_size()
        self._check_experts()

    def _check_experts(self) -> None:
        total, active = self.experts_total, self.experts_active
        if total is None and active is None:
            return
        if self.architecture in (Architecture.DENSE, Architecture.MATFORMER):
            raise ValueError(f"a {self.architecture} model has no experts")
        if total is None or active is None:
            raise ValueError("experts_total and experts_active go together")
        if not 1 <= active <= total:
            raise ValueError(f"a token cannot use {active} of {total} experts")
        for size in self.served_sizes():
            if size.active_b < size.total_b * active / total * (1 - ROUNDING):
                raise ValueError(
                    f"{active} of {total} experts of a model of {size.total_b} billion are more than "
                    f"{size.active_b} billion active parameters"
                )

    def _settle_hypothesis(self) -> None:
        if self.total_params_b is not None or self.active_params_b is not None:
            raise ValueError("an undisclosed model has no published size: give total_range_b instead")
        if self.effective_params_b is not None:
            raise ValueError("effective_params_b is for a MatFormer only")
        if self.total_range_b is None:
            raise ValueError("an undisclosed model needs a hypothesis: total_range_b=(low, high)")
        active_range_b = self.active_range_b or self.total_range_b
        _check_range("total_range_b", self.total_range_b)
        _check_range("active_range_b", active_range_b)
        for active_b, total_b in zip(active_range_b, self.total_range_b, strict=True):
            _check_active(active_b, total_b)
        object.__setattr__(self, "active_range_b", active_range_b)

    def _settle_published_size(self) -> None:
        if self.total_range_b is not None or self.active_range_b is not None:
            raise ValueError("a range of sizes is a hypothesis, for an undisclosed model only")
        if self.total_params_b is None:
            raise ValueError(f"a {self.architecture} model needs total_params_b")
        _check_size("total_params_b", self.total_params_b)
        active_b = self._working_params_b(self.total_params_b)
        _check_active(active_b, self.total_params_b)
        object.__setattr__(self, "active_params_b", active_b)

    def _working_params_b(self, total_b: float) -> float:
        if self.architecture is Architecture.MATFORMER:
            return self._effective_b()
        if self.effective_params_b is not None:
            raise ValueError("effective_params_b is for a MatFormer only")
        if self.architecture is Architecture.DENSE:
            if self.active_params_b not in (None, total_b):
                raise ValueError(
                    "all parameters of a dense model are active: active_params_b must equal the total"
                )
            return total_b
        if self.active_params_b is None:
            raise ValueError("a mixture of experts needs active_params_b")
        return self.active_params_b

    def _effective_b(self) -> float:
        effective_b = self.effective_params_b or self.active_params_b
        if effective_b is None:
            raise ValueError("a MatFormer needs effective_params_b")
        if self.active_params_b not in (None, effective_b):
            raise ValueError("active_params_b of a MatFormer must equal effective_params_b")
        object.__setattr__(self, "effective_params_b", effective_b)
        return effective_b

    @property
    def is_disclosed(self) -> bool:
        """Whether the sizes are published facts."""
        return self.architecture is not Architecture.UNDISCLOSED

    @property
    def expert_share(self) -> float | None:
        """Active over total experts, between 0 and 1; None where they are not known."""
        if self.experts_total is None or self.experts_active is None:
            return None
        return self.experts_active / self.experts_total

    def served_sizes(self) -> tuple[ServedSize, ServedSize, ServedSize]:
        """The sizes to compute with at the low end, the middle and the high end.

        All three are equal for a published size; the middle of a hypothesis is its geometric mean.
        """
        if self.total_range_b is not None and self.active_range_b is not None:
            low = ServedSize(self.total_range_b[0], self.active_range_b[0], self.expert_share)
            high = ServedSize(self.total_range_b[1], self.active_range_b[1], self.expert_share)
            return low, _geometric_mean(low, high), high
        size = self._published_size()
        return size, size, size

    def _published_size(self) -> ServedSize:
        assert self.total_params_b is not None and self.active_params_b is not None
        if self.effective_params_b is not None:
            # The per-layer embeddings of a MatFormer are looked up, not multiplied.
            return ServedSize(self.effective_params_b, self.effective_params_b)
        return ServedSize(self.total_params_b, self.active_params_b, self.expert_share)


def _architecture(value: str) -> Architecture:
    try:
        return Architecture(value)
    except ValueError:
        known = ", ".join(Architecture)
        raise ValueError(f"unknown architecture {value!r}; known ones: {known}") from None


def _check_size(name: str, size_b: float) -> None:
    if not (math.isfinite(size_b) and size_b > 0):
        raise ValueError(f"{name} must be a positive number of billions, got {size_b}")


def _check_range(name: str, range_b: tuple[float, float]) -> None:
    low_b, high_b = range_b
    _check_size(name, low_b)
    _check_size(name, high_b)
    if low_b > high_b:
        raise ValueError(f"{name} must go from low to high, got {range_b}")


def _check_active(active_b: float, total_b: float) -> None:
    _check_size("active_params_b", active_b)
    if active_b > total_b:
        raise ValueError(f"a model cannot use more parameters ({active_b}) than it has ({total_b})")


def _geometric_mean(low: ServedSize, high: ServedSize) -> ServedSize:
    total_b = math.sqrt(low.total_b * high.total_b)
    active_b = min(total_b, math.sqrt(low.active_b * high.active_b))
    return ServedSize(total_b, active_b, low.expert_share)
