"""Files of what can be made again: each begins with a hash of the rest, so that nothing half or foreign is believed."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from abmsim.contents import content


def read_sealed(path: str | Path) -> memoryview | None:
    """What a file holds behind its first line, the seal; None if that is not the seal of the rest.

    Raises OSError if the file cannot be read.
    """
    text = memoryview(content(path))
    length = len(_seal(b""))
    return text[length:] if text[:length] == _seal(text[length:]) else None


def write_sealed(path: str | Path, text: bytes | memoryview) -> bool:
    """Puts the text there whole, at once for whoever reads it meanwhile; False where that is not possible."""
    half = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(half, "wb") as file:
            file.write(_seal(text))
            file.write(text)
        os.replace(half, path)
    except OSError:
        with suppress(OSError):
            os.unlink(half)
        return False
    return True


def _seal(text: bytes | memoryview) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n"
