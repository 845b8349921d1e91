"""Recorded duels: packs that hold them, their replay, and what is made of them."""
