"""Building blocks of every page and of its limits; built on Django, without a table of its own."""
