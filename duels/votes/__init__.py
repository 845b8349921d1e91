"""Votes: their form, how they are cast, and which of them count."""
