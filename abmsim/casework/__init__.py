"""Carries out the tests of modules (`*.test.yaml`) on the real kernel."""
