"""Residents who never existed, care records that could have: a Dutch town simulated from public statistics."""

__version__ = "0.1.0"
