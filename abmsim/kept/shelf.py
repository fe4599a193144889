"""Where it is kept: a few files in the cache of the user, each a seal and a pickle that this program wrote itself."""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from abmsim.paths import user_cache
from abmsim.sealed import read_sealed, write_sealed

MOST_KEPT = 4
"""Files that stay, the last ones: each is of one project, or of one choice of modules."""

_FORMAT = 5


def is_kept(name: str) -> bool:
    return (_folder() / name).is_file()


def take(name: str, kind: type) -> Any:
    """What is kept under a name; None if there is nothing of that kind which can be believed."""
    try:
        text = read_sealed(_folder() / name)
        if text is not None:
            with _uncollected():
                found = pickle.loads(text)
            if isinstance(found, kind):
                return found
    except FileNotFoundError:
        return None
    except Exception:  # what a pickle of another version raises can be anything
        pass
    with suppress(OSError):
        (_folder() / name).unlink()
    return None


def put(name: str, known: object) -> None:
    """Keep it under a name, at once for whoever reads it meanwhile; where that is not possible nothing is kept."""
    text = io.BytesIO()
    _Pickler(text, _FORMAT).dump(known)
    if write_sealed(_folder() / name, text.getbuffer()):
        with suppress(OSError):
            _tidy()


class _Pickler(pickle.Pickler):
    """Has a dataclass made by its fields when it is read: twice as fast as what `slots` bring by themselves."""

    def reducer_override(self, thing: object) -> Any:
        values = _values_of(type(thing))
        return NotImplemented if values is None else (type(thing), values(thing))


@cache
def _values_of(kind: type) -> Callable[[object], tuple[Any, ...]] | None:
    """What gives the fields of a dataclass of which all are told when it is made; None for other things."""
    names = [(one.name, one.init) for one in fields(kind)] if is_dataclass(kind) else []
    if len(names) < 2 or not all(init for _, init in names):
        return None
    return attrgetter(*(name for name, _ in names))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for circles among what is being made, all of which stays."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tidy() -> None:
    """Let go of all but the last files, those that a stopped run left half among them."""
    files = sorted(_folder().iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST_KEPT:]:
        file.unlink()


def _folder() -> Path:
    return user_cache() / "read"
