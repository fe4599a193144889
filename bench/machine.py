"""What machine a figure was measured on: one line for every benchmark's head."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import numpy


def description() -> str:
    """Processor, cores that may be used, memory, system, and the versions that decide speed."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{_processor()}, {cores} cores{_memory()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, numba {version('numba')}, numpy {numpy.__version__}{load}"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return ""
    return f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
