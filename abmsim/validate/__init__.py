"""Runs beside the published figures: what is equal within its margin, what is different, what nobody can tell."""
