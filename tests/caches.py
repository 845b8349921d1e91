"""The caches of the project that a change of the database, of a setting or of the clock makes stale.

The others hold what follows from their arguments alone, or from files: they stay from test to test.
"""

import sys
from operator import attrgetter

# Module, then what empties a cache of it. A module that no test has imported has cached nothing.
CLEARED_BY = (
    ("web.page_cache", "clear"),
    ("duels.candidates", "candidate_pool.clear"),
    ("duels.pages.suggestions", "ideas_by_language.clear"),
    ("duels.votes.vote_reasons", "vote_reasons.clear"),
    ("duels.rate_limits", "capacity.clear"),
    ("recordings.daily_question", "question_of_today.clear"),
    ("api.name_lookup", "public_names.clear"),
    ("api.openapi", "openapi_document.cache_clear"),
    ("web.client_address", "warn_unreadable.clear"),
    ("conso_duel.operations.health", "component_statuses.cache_clear"),
)


def clear_caches() -> None:
    """Empty them all."""
    for module_name, clear in CLEARED_BY:
        if module := sys.modules.get(module_name):
            attrgetter(clear)(module)()
