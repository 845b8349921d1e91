"""Duels that a script tells apart by their timing alone, of a hundred, and what a common pace costs readers.

`python -m tests.bench.pace`. Text is played through the real pacer in virtual time; models are described by
two numbers each. Half of the duels teach the script what each model does, on the other half it guesses which
side is which. The length of an answer tells it nothing: both models draw theirs alike.
"""

import argparse
import asyncio
import itertools
import random
import statistics
from dataclasses import dataclass, field

import numpy as np

from duels.relay.pacer import PacedTurn, Pacer
from tests import virtual_time

DUELS = 400  # the first half is for learning
CHARACTERS_PER_TOKEN = 4
FEWEST_TOKENS, MOST_TOKENS = 100, 400
TOKENS_PER_PIECE = 5  # what a server sends at once, on average
RIDGE = 1e-3
PACES = (0, 60, 45, 30)
Model = tuple[float, float]  # seconds to the first token, tokens per second
# Invented for the bench; each duel strays from both numbers by up to a fifth.
PAIRS: dict[str, tuple[Model, Model]] = {
    "two small models on one machine": ((0.15, 110), (0.25, 80)),
    "two small models on a busy machine": ((0.3, 55), (0.5, 40)),
    "two hosted models": ((0.4, 150), (0.9, 60)),
    "one below the pace": ((0.4, 90), (0.6, 30)),
    "one far below the pace": ((0.4, 90), (1.0, 9)),
    "one that begins late": ((0.4, 90), (3.5, 60)),
}


@dataclass
class Side:
    """One side as a page sees it: when each piece came, and how long it was."""

    asked: float
    pieces: list[tuple[float, int]] = field(default_factory=list)

    def show(self, text: str) -> None:
        # To a hundredth of a second: both sides travel in one entry of the stream.
        at = asyncio.get_running_loop().time() - self.asked
        self.pieces.append((round(at, 2), len(text)))

    @property
    def end(self) -> float:
        return self.pieces[-1][0]

    def written(self, until: float) -> int:
        """Characters shown up to a moment."""
        return sum(length for at, length in self.pieces if at <= until)

    def features(self, other: "Side") -> list[float]:
        """First moment; characters per second beside the other and after its end; pieces and gaps."""
        first, both_until = self.pieces[0][0], min(self.end, other.end)
        alone = max(0.0, self.end - both_until)
        times = [at for at, _ in self.pieces]
        gaps = [late - soon for soon, late in itertools.pairwise(times)] or [0.0]
        lengths = [length for at, length in self.pieces[:-1]] or [0]
        return [
            first,
            self.written(both_until) / max(both_until, 0.01),
            self.written(first + 1),
            (self.written(self.end) - self.written(both_until)) / alone if alone > 1 else 0.0,
            self.written(both_until + 1) - self.written(both_until),
            max(gaps),
            statistics.pstdev(gaps),
            statistics.pstdev(lengths),
            lengths[0],
        ]


async def write(pacer: Pacer, turn: PacedTurn, model: Model, rng: random.Random) -> Side:
    side = Side(asyncio.get_running_loop().time())
    first, speed = (value * rng.uniform(0.8, 1.2) for value in model)
    tokens = rng.randint(FEWEST_TOKENS, MOST_TOKENS)
    text = pacer.open(side.show, turn)
    await asyncio.sleep(first)
    while tokens > 0:
        piece = min(tokens, rng.randint(1, 2 * TOKENS_PER_PIECE - 1))
        text.add("x" * CHARACTERS_PER_TOKEN * piece)
        tokens -= piece
        await asyncio.sleep(piece / speed)
    await text.drain()
    return side


async def duel(pacer: Pacer, pair: tuple[Model, Model], rng: random.Random) -> list[Side]:
    await asyncio.sleep(rng.uniform(0, 60))  # at any moment of the common clock
    turn = PacedTurn(2)
    return await asyncio.gather(*(write(pacer, turn, model, rng) for model in pair))


async def play(pace: float, pair: tuple[Model, Model], duels: int = DUELS) -> list[list[Side]]:
    rng, pacer = random.Random(7), Pacer(pace * CHARACTERS_PER_TOKEN)
    played = await asyncio.gather(*(duel(pacer, pair, rng) for _ in range(duels)))
    await pacer.close()
    return played


def distinguished(duels: list[list[Side]]) -> float:
    """Right guesses of a hundred, by the features that distinguished most of the duels that are learnt from.

    Each duel is read as (first model, second model); a guess is right where the weighted difference of the
    features has the sign that it has on average. 50 is a coin.
    """
    rows = np.array(
        [np.subtract(one.features(other), other.features(one)) for one, other in duels], dtype=float
    )
    rows /= np.maximum(np.abs(rows).max(axis=0), 1e-9)
    learnt, guessed = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    both = learnt.T @ learnt / len(learnt) + RIDGE * np.eye(rows.shape[1])
    directions = [np.linalg.solve(both, learnt.mean(axis=0))]
    directions += [
        np.eye(rows.shape[1])[column] * np.sign(mean) for column, mean in enumerate(learnt.mean(0))
    ]
    best = max(directions, key=lambda direction: right_guesses(learnt @ direction))
    return right_guesses(guessed @ best)


def right_guesses(scores: np.ndarray) -> float:
    """Of a hundred; where both sides are alike, a coin decides."""
    alike = np.abs(scores) < 1e-9
    return float(100 * (np.sum(scores[~alike] > 0) + alike.sum() / 2) / len(scores))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paces", type=int, nargs="+", default=PACES, metavar="TOKENS_PER_SECOND")
    for name, pair in PAIRS.items():
        for pace in parser.parse_args().paces:
            duels = virtual_time.run(play(pace, pair))
            first = statistics.median(side.pieces[0][0] for sides in duels for side in sides)
            end = statistics.median(max(side.end for side in sides) for sides in duels)
            print(
                f"{name}, {pace or 'no'} tokens/s: {distinguished(duels):.0f} of 100 distinguished, "
                f"{first:.1f} s to the first word, {end:.1f} s to the end of both"
            )


if __name__ == "__main__":
    main()
