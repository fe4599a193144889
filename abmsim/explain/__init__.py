"""Explaining: why a record is there, and how one resident goes through one module, with every number used."""
