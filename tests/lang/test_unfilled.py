"""A new module is refused until its author has written what only the author knows."""

from __future__ import annotations


def test_every_place_that_still_says_fill_in_is_told(workshop) -> None:
    workshop.module(
        """\
        module: wmo/example
        about: fill in
        assume:
          w: {is: 1 year, why: fill in}
          s: {is: 0.3, why: we fill in for those who cannot}
        start: a
        states:
          a: {wait: assume.w, next: {b: assume.s, c: rest}}
          b: {final: true}
          c: {final: true}
        """
    )
    assert workshop.errors() == [
        "modules/wmo/example.yaml:2:8 E412 'about' is still to be filled in (say what it is in a sentence or two)",
        "modules/wmo/example.yaml:4:24 E412 'why' is still to be filled in"
        " (why this figure; or use a statistic: `abmsim stats new FILE.csv` makes its card)",
    ]
