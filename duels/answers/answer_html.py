"""HTML of an answer: rendered once, then read with its text until the renderer changes."""

import logging

from django.db import OperationalError
from django.utils.safestring import SafeString, mark_safe

from duels.markdown import to_html
from duels.markdown.version import RENDERER_VERSION
from duels.models import Answer

logger = logging.getLogger(__name__)


def answer_html(answer: Answer) -> SafeString:
    """The sanitised HTML; of an answer that an older renderer made, made again and stored."""
    if not answer.text:
        return SafeString("")
    if answer.html_version != RENDERER_VERSION:
        answer.html, answer.html_version = to_html(answer.text), RENDERER_VERSION
        _store(answer)
    return mark_safe(answer.html)  # sanitised by nh3 inside to_html


def _store(answer: Answer) -> None:
    """Store the HTML of a finished answer; a database that cannot be written must not end its page."""
    finished = Answer.objects.filter(pk=answer.pk, state=answer.state)
    try:
        finished.update(html=answer.html, html_version=answer.html_version)
    except OperationalError as error:
        logger.warning("the HTML of answer %s is not stored: %s", answer.pk, type(error).__name__)
