"""The token counts of an answer: those of the model's server where they can be true, else our own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backends.base import Message, Usage
from duels.models import Answer
from science import tokens

# Tokenizers differ, but not by more: what lies beyond is no other way to count.
LEAST_FACTOR, MOST_FACTOR = 0.3, 3.0
# What servers count beside the text: marks of a message, its end, white space that was removed.
MARK_TOKENS = 16
# Tokens per character that any of these texts may have: such a count is believed without counting again.
LEAST_PER_CHARACTER, MOST_PER_CHARACTER = 0.12, 0.5
# Of the prompt, more per character may be right: chat templates and instructions are added to it.
PROMPT_MARK_TOKENS = 4_000
MAX_HIDDEN_TOKENS = 100_000  # of a reasoning that is not sent, where the request sets no limit


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of token counts: the messages of a request, question and history; tokens its answer may have.

    may_hide: whether the model reasons, and its reasoning may be counted though it is not sent.
    family: of the model's tokens, counted with its own vocabulary where it is on board, else with the
    default one.
    """

    messages: Sequence[Message] = ()
    max_tokens: int | None = None
    may_hide: bool = False
    family: str = ""

    @property
    def vocabulary(self) -> str:
        """The key of the vocabulary to count with."""
        own = tokens.own_vocabulary(self.family)
        return own.key if own else tokens.DEFAULT_VOCABULARY


def token_fields(
    usage: Usage | None, text: str, reasoning: str, limits: Limits | None = None
) -> dict[str, Any]:
    """The token fields of an answer, with where its counts come from.

    The first count with a vocabulary loads it, in up to three seconds: never in an event loop.
    """
    limits = limits or Limits()
    tokens_in = usage.tokens_in if usage and _is_plausible_prompt(usage.tokens_in, limits) else None
    if tokens_in is None and limits.messages:
        sent = "\n".join(message.content for message in limits.messages)
        tokens_in = tokens.count(sent, limits.vocabulary)
    if usage is None or usage.tokens_out is None:
        is_rejected = usage is not None and usage.rejected is not None
        source = Answer.CountSource.REPLACED if is_rejected else Answer.CountSource.COUNTED
        return _counted(tokens_in, text, reasoning, source, limits.vocabulary)
    written = usage.tokens_out
    hidden = min(usage.reasoning_tokens or 0, written)
    if not _is_plausible(written, hidden, text, reasoning, limits):
        return _counted(tokens_in, text, reasoning, Answer.CountSource.REPLACED, limits.vocabulary)
    hidden = hidden or _hidden_share(written, text, reasoning)
    return {
        "tokens_in": tokens_in,
        "tokens_out": written - hidden,
        "reasoning_tokens": hidden,
        "count_source": Answer.CountSource.REPORTED,
        "vocabulary": "",
    }


def _counted(
    tokens_in: int | None, text: str, reasoning: str, source: Answer.CountSource, vocabulary: str
) -> dict[str, Any]:
    return {
        "tokens_in": tokens_in,
        "tokens_out": tokens.count(text, vocabulary),
        "reasoning_tokens": tokens.count(reasoning, vocabulary),
        "count_source": source,
        "vocabulary": vocabulary,
    }


def _is_plausible(tokens_out: int, hidden: int, text: str, reasoning: str, limits: Limits) -> bool:
    """Whether the server may have counted so many tokens for what it sent, `hidden` among them."""
    most_hidden = limits.max_tokens or MAX_HIDDEN_TOKENS
    if hidden and not reasoning:
        return hidden <= most_hidden and _fits(tokens_out - hidden, text, 0)
    return _fits(tokens_out, text + reasoning, most_hidden if limits.may_hide else 0)


def _fits(reported: int, sent: str, most_hidden: int) -> bool:
    """Whether the count is that of the text, within what tokenizers differ by, and of so many hidden ones.

    Our own count takes time: it is made where the number of characters alone does not tell.
    """
    if LEAST_PER_CHARACTER * len(sent) <= reported <= MOST_PER_CHARACTER * len(sent):
        return True
    own = tokens.count(sent)
    return LEAST_FACTOR * own - MARK_TOKENS <= reported <= MOST_FACTOR * own + MARK_TOKENS + most_hidden


def _is_plausible_prompt(tokens_in: int | None, limits: Limits) -> bool:
    """Whether the prompt may have had so many tokens; too few are none, as from a cache that is left out."""
    if tokens_in is None or not limits.messages:
        return tokens_in is not None
    characters = sum(len(message.content) for message in limits.messages)
    least = LEAST_FACTOR * LEAST_PER_CHARACTER * characters - MARK_TOKENS
    most = MOST_FACTOR * characters + PROMPT_MARK_TOKENS
    return max(1, least) <= tokens_in <= most


def _hidden_share(tokens_out: int, text: str, reasoning: str) -> int:
    """The share of reported tokens spent on a reasoning that the server sent but did not count apart."""
    if not reasoning:
        return 0
    written, hidden = tokens.count(text), tokens.count(reasoning)
    return round(tokens_out * hidden / max(written + hidden, 1))
