"""The page of semantics is tested with the toy modules and toy residents of the engine's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "engine"))

from small import Toys  # noqa: E402


@pytest.fixture
def toys(tmp_path: Path) -> Toys:
    return Toys(tmp_path)
