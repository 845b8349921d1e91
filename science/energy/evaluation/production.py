"""Published figures of one very large service beside our estimate: DeepSeek, one day of February 2025.

Its power is not published: that of a node of eight H800 is our assumption, between two ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from science.energy.constants import JOULES_PER_WH
from science.energy.estimate import Estimate, estimate
from science.energy.hosting import CLOUD, Hosting, own_server
from science.energy.interval import Interval
from science.energy.shape import Architecture, ModelShape

SOURCE = (
    "https://github.com/deepseek-ai/open-infra-index/blob/main/202502OpenSourceWeek/"
    "day_6_one_more_thing_deepseekV3R1_inference_system_overview.md"
)
DEEPSEEK_V3 = ModelShape(Architecture.MIXTURE_OF_EXPERTS, 671, 37, 8, experts_total=256, experts_active=8)

# From the source: 24 hours up to noon of 28 February 2025 (UTC+8).
MEAN_NODES = 226.75
TOKENS_OUT = 168e9
TOKENS_IN = 608e9
CACHED_TOKENS_IN = 342e9
CONTEXT_TOKENS = 4989  # mean length of the cache for an output token
TOKENS_OUT_PER_NODE_SECOND = 14_800  # while decoding
TOKENS_OUT_PER_ANSWER_SECOND = 21  # 20 to 22
CARDS_PER_NODE = 8

NODE_POWER_W = Interval(8_000, 9_000, 10_000)  # assumed: no source gives it
BUILDING = Interval(1.1, 1.2, 1.4)  # assumed: building only, the node is counted whole
SECONDS_PER_DAY = 86_400
TOKENS_SHOWN = 1000  # an answer to compare with


@dataclass(frozen=True)
class Production:
    """Wh of 1,000 output tokens with their share of the prompts, as published and as we estimate them.

    published_wh: power of all nodes over a day, divided by the tokens written.
    in_a_cloud: as on the pages, at an unknown load. at_its_load: given its cards and its load, node by node.
    """

    published_wh: Interval
    in_a_cloud: Estimate
    at_its_load: Estimate


def deepseek_production() -> Production:
    """DeepSeek V3 and R1 as their maker served them, and as both ways of estimating see them."""
    joules = NODE_POWER_W.times(MEAN_NODES * SECONDS_PER_DAY / TOKENS_OUT)
    published_j = Interval(joules.low * BUILDING.low, joules.mid * BUILDING.mid, joules.high * BUILDING.high)
    served = TOKENS_OUT_PER_NODE_SECOND / TOKENS_OUT_PER_ANSWER_SECOND
    server = own_server("H800", CARDS_PER_NODE, served, is_measured=True)
    return Production(
        published_wh=published_j.times(TOKENS_SHOWN / JOULES_PER_WH),
        in_a_cloud=_estimate(CLOUD),
        at_its_load=_estimate(server),
    )


def _estimate(hosting: Hosting) -> Estimate:
    read = (TOKENS_IN - CACHED_TOKENS_IN) / TOKENS_OUT
    return estimate(
        DEEPSEEK_V3,
        TOKENS_SHOWN,
        "physical-2026.2",
        tokens_in=read * TOKENS_SHOWN,
        context_tokens=CONTEXT_TOKENS,
        hosting=hosting,
    )
