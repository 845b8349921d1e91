"""Answers that tell which model wrote them: a vote on such an answer is not blind.

A name that belongs to nothing else (« ChatGPT », « Llama 3.1 ») tells it anywhere. One that is also a word or
a person's name (« Claude », « mistral », « Google ») tells it where the text speaks of artificial
intelligence or of its own author: « Claude Monet » and « le mistral, le vent » stay anonymous. Where the
question holds the name already, only what an author says of itself counts.
"""

import re
from functools import lru_cache

from leaderboard.ballots import self_description
from leaderboard.ballots.bare_text import bare_text, disguised_words
from leaderboard.ballots.model_names import VERSION, VERSIONED, Identity

WINDOW_CHARACTERS = 160  # before and after a name, within its sentence
MOST_OCCURRENCES = 300  # of a name that are looked at: the work stays linear in the text
SENTENCE_BREAK = re.compile(r"[.!?;](?=\s|$)|\n")
EVERYDAY_WORDS = re.compile(r"[a-z]+(?: [a-z]+)+")  # « a hugging face », but « Hugging Face »
NO_NAME = r"(?![A-Za-z])(?!-(?!based|[a-z]\d)[a-z])"


def identifies_itself(text: str, identity: Identity, question: str = "") -> bool:
    """Whether the text tells its author by a name of this identity that the question does not hold."""
    names = _names_pattern(identity)
    is_asked = bool(names.search(bare_text(question)))
    bare = bare_text(text)
    if not is_asked and any(names.fullmatch(word) for word in disguised_words(text)):
        return True
    unmistakable = identity_names(identity)
    for count, found in enumerate(names.finditer(bare)):
        if count >= MOST_OCCURRENCES:
            break
        before, after = _sentence_around(bare, found.start(), found.end())
        if self_description.is_said_of_oneself(found.group(), before, after) or self_description.is_signature(
            bare[max(0, found.start() - WINDOW_CHARACTERS) : found.start()], after
        ):
            return True
        if is_asked:
            continue
        if _spelling(found.group()) in unmistakable and not EVERYDAY_WORDS.fullmatch(found.group()):
            return True
        if self_description.is_said_to_you(question, found.group(), before, after):
            return True
        if _is_version(found.group()) and not self_description.is_of_a_space_flight(before, after):
            return True
        if self_description.is_alone(bare, found.group()) or self_description.is_about_ai(
            found.group(), before, after
        ):
            return True
    return False


def _sentence_around(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and after a name in its sentence, up to WINDOW_CHARACTERS each."""
    before = text[max(0, start - WINDOW_CHARACTERS) : start]
    after = text[end : end + WINDOW_CHARACTERS]
    breaks = [match.end() for match in SENTENCE_BREAK.finditer(before)]
    ends = SENTENCE_BREAK.search(after)
    return before[breaks[-1] :] if breaks else before, after[: ends.start()] if ends else after


@lru_cache(maxsize=512)
def identity_names(identity: Identity) -> frozenset[str]:
    """The unmistakable names, without the spaces and hyphens that may be written or not."""
    return frozenset(_spelling(name) for name in identity.unmistakable())


def _spelling(name: str) -> str:
    return re.sub(r"[ \-._]", "", name.lower())


def _is_version(name: str) -> bool:
    return bool(re.search(r"\d", name)) and _spelling(name).startswith(VERSIONED)


@lru_cache(maxsize=512)
def _names_pattern(identity: Identity) -> re.Pattern[str]:
    """Any name of the identity as a whole word, the longest first: « gpt-4o » before « gpt »."""
    names = identity.own_names() | identity.maker_names()
    versioned = (re.escape(name) + VERSION for name in sorted(names & set(VERSIONED), reverse=True))
    longest_first = sorted(names, key=len, reverse=True)
    spelt = (re.sub(r"\\[ \-._]", r"[ \\-._]?", re.escape(name)) for name in longest_first)
    anyone = "|".join([*versioned, *spelt])
    return re.compile(rf"(?<![A-Za-z0-9-])(?:{anyone}){NO_NAME}", re.IGNORECASE)
