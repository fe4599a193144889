"""What a run reads and compiles, kept for the next run that would read the same.

Before anybody lives, a thousand files are read, checked and compiled, and nearly always they say what they said for the
run before. So the statistics with their figures, the checked modules, what these assume, and the program are kept in
the cache of the user, in a file that is named after the content of everything that they follow from (see `origin`).
Only what has no error is kept, and whatever is odd about such a file means that everything is read (see `shelf`).
"""

from abmsim.kept.reading import catalogue_for, keep, program_of, sound_modules

__all__ = ["catalogue_for", "keep", "program_of", "sound_modules"]
