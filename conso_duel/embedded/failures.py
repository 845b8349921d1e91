"""Why a run ends before its user ends it."""


class RunFailed(Exception):
    """One line for the reader; the whole ends after it."""
