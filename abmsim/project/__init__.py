"""Beginnings: a project folder, a module with its test and cards, the card of a table of figures."""
