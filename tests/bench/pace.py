"""Duels that a script tells apart by their timing alone, of a hundred, and what a common pace costs readers.

`python -m tests.bench.pace`. Text is played through the real pacer; models are described by two numbers each.
Half of the duels teach the script what each model does, on the other half it guesses which side is which.
"""

import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field

from duels.relay.pacer import Pacer, StartLine

DUELS = 200  # the first half is for learning
TOKENS, CHARACTERS_PER_TOKEN = 200, 4
TOLERANCES = (0.011, 2.0)  # seconds, characters per second: less is noise of this machine
PACES = (0, 60, 45, 30)
# Invented for the bench: seconds to the first token, tokens per second; each duel strays by up to a fifth.
PAIRS = {
    "two small models on one machine": ((0.15, 110), (0.25, 80)),
    "two hosted models": ((0.4, 150), (0.9, 60)),
    "one below the pace": ((0.4, 90), (0.6, 30)),
}


@dataclass
class Observed:
    """What a page sees of one side: when each piece came, and how long it was."""

    started: float = field(default_factory=time.monotonic)
    pieces: list[tuple[float, int]] = field(default_factory=list)

    def show(self, text: str) -> None:
        # To a hundredth of a second: both sides travel in one entry of the stream.
        self.pieces.append((round(time.monotonic() - self.started, 2), len(text)))

    @property
    def features(self) -> tuple[float, float]:
        """Seconds to the first piece, and characters per second from there to half of the text."""
        first, total, written = self.pieces[0][0], sum(length for _, length in self.pieces), 0
        for at, length in self.pieces:
            written += length
            if written >= total / 2 and at > first:
                return first, written / (at - first)
        return first, float(total)


async def write(pacer: Pacer, line: StartLine, model: tuple[float, float], rng: random.Random) -> Observed:
    observed, (first, speed) = Observed(), (value * rng.uniform(0.8, 1.2) for value in model)
    text = pacer.open(observed.show, line)
    await asyncio.sleep(first)
    for _ in range(TOKENS // 5):
        text.add("x" * CHARACTERS_PER_TOKEN * 5)
        await asyncio.sleep(5 / speed)
    await text.drain()
    return observed


async def duel(pacer: Pacer, pair: tuple[tuple[float, float], ...], rng: random.Random) -> list[Observed]:
    line = StartLine(2)
    return await asyncio.gather(*(write(pacer, line, model, rng) for model in pair))


async def play(pace: float, pair: tuple[tuple[float, float], ...]) -> tuple[int, float]:
    """Right guesses of a hundred, and median seconds to the end of both answers."""
    rng, pacer = random.Random(7), Pacer(pace * CHARACTERS_PER_TOKEN)
    duels = await asyncio.gather(*(duel(pacer, pair, rng) for _ in range(DUELS)))
    await pacer.close()
    differences = [
        [left - right for left, right in zip(one.features, other.features, strict=True)]
        for one, other in duels
    ]
    learning, guessed = differences[: DUELS // 2], differences[DUELS // 2 :]
    best = 50
    for column in range(2):
        sign = 1 if statistics.mean(values[column] for values in learning) > 0 else -1
        right = sum(sign * values[column] > TOLERANCES[column] for values in guessed)
        wrong = sum(sign * values[column] < -TOLERANCES[column] for values in guessed)
        best = max(best, right + (len(guessed) - right - wrong) // 2)  # where both are alike, a coin decides
    ends = [max(side.pieces[-1][0] for side in sides) for sides in duels]
    return best, statistics.median(ends)


def main() -> None:
    for name, pair in PAIRS.items():
        for pace in PACES:
            right, seconds = asyncio.run(play(pace, pair))
            print(f"{name}, {pace or 'no'} tokens/s: {right} of 100 told apart, {seconds:.1f} s to the end")


if __name__ == "__main__":
    main()
