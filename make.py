"""Sets abmsim up in a folder of its own and runs a task: `python3 make.py demo` on a machine with only Python and git.

Standard library only, for Linux, macOS and Windows; it also starts on old Pythons, to say that they are too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "abmsim-installed.txt"
PIP_LOG = VENV / "pip.log"
OLDEST_PYTHON = (3, 11)
DEMO = ("run", "Leiden", "-p", "10000", "-s", "42", "-o", "outputs/leiden-10000-42", "--force")
# Files stay whole, for the runs that their tests share; each worker takes half a gigabyte of memory.
ON_ALL_CORES = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")
RUBBISH = (".pytest_cache", ".ruff_cache", ".hypothesis", "build", "dist")


class Stop(Exception):
    """The task cannot go on: one line that says why and what to do."""


def venv_python():
    """The Python of the project's own environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text):
    """One line of what happens now, in order with the output of the commands."""
    print(text, flush=True)


def call(*command):
    """Runs a command of the environment's Python in the project's folder; a failure ends the task."""
    environment = dict(os.environ, PYRIGHT_PYTHON_IGNORE_WARNINGS="1", PYTHONUTF8="1")
    say("$ python " + " ".join(command))
    done = subprocess.run([str(venv_python()), *command], cwd=str(ROOT), env=environment)
    if done.returncode:
        raise Stop("'{}' ended with exit code {}".format(" ".join(command), done.returncode))


def check_python():
    """A Python that is too old or lacks venv gets one clear line."""
    if sys.version_info < OLDEST_PYTHON:
        found, oldest = sys.version.split()[0], ".".join(map(str, OLDEST_PYTHON))
        raise Stop(f"abmsim needs Python {oldest} or newer and this is {found}; start make.py with a newer one")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "this Python comes without venv; install it first (Debian, Ubuntu: sudo apt install python3-venv)"
        ) from None


def make_venv():
    """A working environment of this very Python; one that is broken or of another version is made again."""
    if venv_python().exists():
        probe = [str(venv_python()), "-c", "import sys, pip; print(*sys.version_info[:2])"]
        try:
            found = subprocess.run(probe, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().split()
        except OSError:
            found = []
        if found == [str(part) for part in sys.version_info[:2]]:
            return
    say("Creating .venv ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if made.returncode:
        raise Stop(f"creating .venv failed: {last_line(made.stdout)}")


def last_line(output):
    """The last line of a command's output that says what went wrong."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no reason given"])[-1]


def install(development):
    """Installs the project and its packages, unless this was done since pyproject.toml last changed."""
    facts = (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    wanted = hashlib.sha256(facts).hexdigest()
    stamp = STAMP.read_text().split() if STAMP.exists() else []
    if stamp == [wanted, "development"] or (stamp == [wanted, "plain"] and not development):
        return
    say("Installing abmsim and the packages that it uses (once, some minutes on a slow line) ...")
    STAMP.unlink() if STAMP.exists() else None
    what = ".[dev]" if development else "."
    command = [str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check", "--editable", what]
    done = subprocess.run(command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    PIP_LOG.write_bytes(done.stdout)
    if done.returncode:
        reason = last_line(done.stdout)
        raise Stop(f"pip could not install the packages (is there a network?): {reason} (all of it: .venv/pip.log)")
    STAMP.write_text(f"{wanted} {'development' if development else 'plain'}\n")


def set_up(development=False):
    """Everything that a task needs before it starts."""
    check_python()
    make_venv()
    install(development)


def demo():
    """simulates ten thousand residents of Leiden and says where their tables and the report are"""
    set_up()
    call("-m", "abmsim", *DEMO)


def check():
    """style, types and all modules: the quick part of `test`"""
    set_up(development=True)
    call("-m", "ruff", "check", ".")
    call("-m", "pyright", "--pythonpath", str(venv_python()))
    call("-m", "abmsim", "check")


def test():
    """everything that must hold before a change lands (.ci/run calls this); ends with pytest"""
    check()
    call("-m", "abmsim", "test")
    call("-m", "pytest", *ON_ALL_CORES)


def bench():
    """measures speed and memory, with a description of the machine"""
    set_up(development=True)
    for script in sorted((ROOT / "bench").glob("bench_*.py")):
        call(script.relative_to(ROOT).as_posix())


def clean():
    """removes .venv and caches; runs in outputs/ stay"""
    for folder in [VENV, *(ROOT / name for name in RUBBISH), *ROOT.glob("abmsim/**/__pycache__")]:
        if folder.is_dir():
            shutil.rmtree(str(folder))


TASKS = {task.__name__: task for task in (demo, test, check, bench, clean)}


def main(arguments):
    """Runs the named task; exit code 0, 1 (something failed) or 2 (no such task)."""
    if len(arguments) != 1 or arguments[0] not in TASKS:
        print("python3 make.py TASK, with one of these tasks:")
        for name, task in TASKS.items():
            print(f"  {name:6} {(task.__doc__ or '').strip()}")
        return 0 if arguments in ([], ["-h"], ["--help"], ["help"]) else 2
    try:
        TASKS[arguments[0]]()
    except Stop as reason:
        print(f"make.py: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make.py: stopped", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
