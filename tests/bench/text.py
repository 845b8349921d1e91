"""The answers of the bench's upstream: tokens of a known text, some stamped with the time they were sent."""

import re
import time
from collections.abc import Iterator

PARAGRAPHS = """\
## Pourquoi le ciel est bleu

La lumière du Soleil paraît **blanche**, mais elle réunit toutes les couleurs. En traversant l'air, chacune \
rencontre des molécules d'azote et d'oxygène, bien plus petites qu'elle :

1. le *bleu*, dont l'onde est courte, part dans toutes les directions ;
2. le *rouge*, dont l'onde est longue, passe presque tout droit ;
3. le violet part encore plus, mais nos yeux le voient mal.

| Couleur | Longueur d'onde | Diffusion |
|---|---|---|
| Bleu | 450 nm | forte |
| Rouge | 700 nm | faible |

Le soir, la lumière traverse davantage d'air : il ne reste que l'orange & le rouge, d'où le coucher de Soleil.

"""
TOKENS = re.findall(r"\n+| ?\w{1,7}| ?[^\w\s]+|\s", PARAGRAPHS)
STAMP_EVERY = 10  # tokens
STAMP = re.compile("⟦(\\d{9})⟧")
STAMP_MODULO = 1_000_000_000  # microseconds: a stamp is nine digits of the machine's monotonic clock


def written(tokens: int) -> str:
    """The text of that many tokens, without stamps."""
    return "".join(TOKENS[place % len(TOKENS)] for place in range(tokens))


def token(place: int) -> str:
    """The token at that place as it is sent now."""
    text = TOKENS[place % len(TOKENS)]
    return text if place % STAMP_EVERY else f"{text}⟦{now_us():09d}⟧"


def now_us() -> int:
    """One clock for all processes of the machine."""
    return time.monotonic_ns() // 1000 % STAMP_MODULO


def ages_seconds(text: str) -> Iterator[float]:
    """How old each stamp in the text is now."""
    now = now_us()
    for digits in STAMP.findall(text):
        yield (now - int(digits)) % STAMP_MODULO / 1_000_000


def without_stamps(text: str) -> str:
    return STAMP.sub("", text)
