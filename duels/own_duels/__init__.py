"""Duels of one visitor as a whole: what they tell together, and their way to another device."""
