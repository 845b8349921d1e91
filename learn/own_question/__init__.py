"""« Suivez votre question »: five screens made from the visitor's own last duel, or from an example."""
