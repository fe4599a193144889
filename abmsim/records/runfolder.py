"""The folder of a run: whole under its name, or not there at all; an earlier run is never lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from abmsim.problems import UsageError, UserError
from abmsim.records.runfile import RUN_FILE

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}


@contextmanager
def run_folder(target: Path, force: bool = False) -> Iterator[Path]:
    """A folder to write a run in, which takes the name `target` once the block has ended well.

    Raises UsageError if the name is taken (unless `force`, and it is a run) or its place cannot be written in, and
    UserError on a full disk or Ctrl-C; then nothing is left, and an earlier run stands as it stood.
    """
    target = Path(os.path.realpath(target))
    check_target(target, force)
    created = _make_parents(target)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        _make_partial(partial)
        yield partial
        _take_place(partial, target)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        _remove_empty(created)
        told = _told(error, target)
        if told is None:
            raise
        raise told from (None if isinstance(error, KeyboardInterrupt) else error)


def check_target(target: Path, force: bool) -> None:
    """Raise UsageError if a run may not take this name; callers may ask before they begin to work."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file: choose another folder with -o")
    if not any(target.iterdir()):
        return
    if not force:
        raise UsageError(f"{target} exists already: choose another folder with -o, or replace it with --force")
    if not (target / RUN_FILE).is_file():
        raise UsageError(f"{target} is no run of abmsim, so --force does not replace it: choose another folder with -o")


def _make_parents(target: Path) -> list[Path]:
    """Create the folders above; those that were not there, innermost first."""
    missing = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        raise UsageError(f"cannot create {target.parent}: {error.strerror}; choose another folder with -o") from error
    return missing


def _make_partial(partial: Path) -> None:
    try:
        if partial.exists():
            shutil.rmtree(partial)  # of a process long gone that had our number
        partial.mkdir()
    except OSError as error:
        text = f"cannot write in {partial.parent}: {error.strerror}; choose another folder with -o"
        raise UsageError(text) from error


def _take_place(partial: Path, target: Path) -> None:
    """Give the finished folder its name; the earlier run goes only once the new one stands there."""
    if not target.exists():
        partial.rename(target)
        return
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    target.rename(old)
    try:
        partial.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # someone else uses it, or it never came to be
            return


def _told(error: BaseException, target: Path) -> UserError | None:
    """The one line for what a user can do something about; None for everything else."""
    if isinstance(error, KeyboardInterrupt):
        return UserError(f"stopped: nothing was written to {target}")
    if _is_full_disk(error):
        return UserError(f"the disk is full: nothing was written to {target}; make room, or choose another with -o")
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.EIO):
        return UserError(f"writing failed ({error.strerror}): nothing was written to {target}")
    return None


def _is_full_disk(error: BaseException) -> bool:
    """Full disks come as OSError from Python and Arrow, and as words from DuckDB."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return isinstance(error, Exception) and "no space left on device" in str(error).lower()
