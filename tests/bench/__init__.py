"""`make bench`: cost of a duel on the real processes, relative to a bare relay; on loopback."""
