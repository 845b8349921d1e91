"""A visitor's duels as a whole: what they tell together, and their way to another device."""
