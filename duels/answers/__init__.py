"""Facts stored beside the text of an answer: tokens, energy, HTML, where it was made."""
