"""Pages of recorded duels."""
