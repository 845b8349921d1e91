"""`make bench`: what a duel costs, on the real processes, beside a bare relay; on loopback, bounded."""
