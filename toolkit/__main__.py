"""Run a command from a bare checkout: ``python3 -m toolkit ...`` sets ``.venv`` up when needed.

Standard library only, and written so that an older Python can read it and say so in words.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PROJECT = CHECKOUT / "pyproject.toml"
LOCK = CHECKOUT / "requirements.lock"
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "series-toolkit.stamp"
LOG = VENV / "setup.log"

OLDEST = (3, 11)
ROOM_GB = 1.5
EXTRAS = {
    "book": ("book",),
    "desk": ("desk",),
    "test": ("book", "test"),
}  # what a command needs beyond the core
EXIT_SET_UP = 3  # apart from 1 (problems in the sheets) and 2 (wrong usage)

# What the installers print when they fail -> what a reader can do about it. The first match counts.
CAUSES = (
    (r"no space left|disk quota|os error 28", "the disk is full: free some space"),
    (r"match the hashes|hash mismatch", "a package is not the one that requirements.lock names"),
    (
        r"resolution|dns error|getaddrinfo|timed out|connection|unreachable|proxy|sending request",
        "the package index cannot be reached: check the network, the proxy or pip's settings",
    ),
    (
        r"no matching distribution|no solution found|no wheels|not find a version",
        "there is no package for this Python and system: try another Python from 3.11 on",
    ),
)


def stop(sentence: str) -> SystemExit:
    """Return the exit that names, in one sentence, why there is no set-up."""
    print(f"toolkit: {sentence}", file=sys.stderr)
    return SystemExit(EXIT_SET_UP)


def fingerprint() -> str:
    """Return what the set-up was made from: another lock, project or place means making it anew."""
    place = str(CHECKOUT).encode()
    return hashlib.sha256(LOCK.read_bytes() + PROJECT.read_bytes() + place).hexdigest()


def is_set_up() -> bool:
    """Return whether ``.venv`` is whole and of today's lock."""
    whole = VENV_PYTHON.exists() and STAMP.is_file()
    return whole and STAMP.read_text(encoding="utf-8") == fingerprint()


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: ``1.0.4.post1`` -> (1, 0, 4)."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def is_met(requirement: str) -> bool:
    """Return whether this interpreter has the package, inside the >= and < bounds asked for."""
    name = re.split(r"[<>=\s]", requirement)[0]
    try:
        found = numbers(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False
    at_least = all(found >= numbers(low) for low in re.findall(r">=([^,]+)", requirement))
    return at_least and all(found < numbers(high) for high in re.findall(r"<([^=,]+)", requirement))


def can_run_here(command: str) -> bool:
    """Return whether the running interpreter can carry out the command as it is."""
    if not PROJECT.is_file():  # installed as a package: its installer saw to the dependencies
        return True
    if Path(sys.prefix).resolve() == VENV.resolve():
        return is_set_up()
    import tomllib

    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][name] for name in EXTRAS.get(command, ()))
    return all(is_met(requirement) for requirement in sum(extras, project["dependencies"]))


def run_logged(arguments: list[str]) -> str | None:
    """Run an installer, showing its steps; return None when it succeeded, else all it printed."""
    said: list[str] = []
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            arguments,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        with process:
            for line in process.stdout or ():
                log.write(line)
                said.append(line)
                if re.match(r"\s*(Downloaded|Resolved|Prepared|Installed|Collecting)\b", line):
                    print(f"    {line.split(' (from')[0].strip()}", flush=True)
    return None if process.returncode == 0 else "".join(said)


def works(python: Path) -> bool:
    """Return whether an environment is whole enough to be used again: a new enough Python, pip."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    if not python.exists():
        return False
    return subprocess.run([python, "-c", check], check=False, capture_output=True).returncode == 0


def make_environment() -> None:
    """Make ``.venv``, or make it again where an interrupted one was left."""
    if works(VENV_PYTHON):
        return
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise stop(
            "this Python comes without its venv and ensurepip modules: install them"
            " (Debian, Ubuntu: apt install python3-venv), then run the same command again."
        )
    print("  making .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if made.returncode != 0:
        raise stop(f"could not make {VENV}: {explain(made.stdout + made.stderr)}.")


def explain(said: str) -> str:
    """Return the cause of a failed step in words, or the last thing that it printed."""
    for pattern, cause in CAUSES:
        if re.search(pattern, said, re.IGNORECASE):
            return cause
    lines = said.strip().splitlines()
    return lines[-1].strip() if lines else "it ended without a word"


def install() -> None:
    """Install the lock with its hashes, then the checkout itself without asking any index."""
    python = str(VENV_PYTHON)
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2"]
    uv = [python, "-m", "uv", "pip", "install", "--python", python]
    locked = ["--require-hashes", "--requirement"]
    uv_lock = VENV / "uv.lock.txt"
    pinned = re.search(r"^uv==(?:.*\\\n)+.*\n", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    uv_lock.write_text(pinned.group() if pinned else "uv\n", encoding="utf-8")
    print("  installing the packages of requirements.lock (a minute or two)", flush=True)
    failed = run_logged([*pip, *locked, str(uv_lock)]) or run_logged([*uv, *locked, str(LOCK)])
    if failed:
        print(f"  uv could not: {explain(failed)}\n  trying pip alone, slower", flush=True)
        failed = run_logged([*pip, *locked, str(LOCK)])
    own = ["--no-build-isolation", "--no-deps", "--editable", str(CHECKOUT)]
    failed = failed or run_logged([*pip, *own])
    if failed:
        raise stop(f"could not install: {explain(failed)}. The whole story is in {LOG}.")


def set_up() -> None:
    """Make ``.venv`` whole; the stamp comes last, so a half-made one is never taken for done."""
    free = shutil.disk_usage(CHECKOUT).free / 1e9
    if free < ROOM_GB:
        raise stop(f"setting up needs {ROOM_GB} GB of disk in {CHECKOUT}; {free:.1f} GB are free.")
    print(f"Setting up in {VENV} (first run, or requirements changed):", flush=True)
    STAMP.unlink(missing_ok=True)
    make_environment()
    install()
    STAMP.write_text(fingerprint(), encoding="utf-8")
    print("  done\n", flush=True)


def run_here() -> int:
    """Run the command in this interpreter; a package that is gone is told in one sentence."""
    try:
        from toolkit.cli import app

        app.main()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in {"", "toolkit"}:
            raise
        if Path(sys.prefix).resolve() == VENV.resolve():
            STAMP.unlink(missing_ok=True)
            raise stop(
                f"the package {missing} is missing in {VENV}. Run the same command again: it"
                " sets everything up anew."
            ) from None
        raise stop(
            f"the package {missing} is not installed in {sys.prefix}. Install series-toolkit[book]"
            " there, or run the command from a checkout, which sets everything up."
        ) from None
    return 0


def main() -> int:
    """Run the command here if it can run here, else in ``.venv``; return its exit code."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise stop(f"this is Python {found}; Python 3.11 or newer is needed.")
    arguments = sys.argv[1:]
    if can_run_here(arguments[0] if arguments else ""):
        return run_here()
    try:
        if not is_set_up():
            set_up()
        command = [str(VENV_PYTHON), "-m", "toolkit", *arguments]
        return subprocess.run(command, check=False).returncode
    except OSError as error:
        raise stop(f"could not set up {VENV}: {error.strerror or error}.") from None
    except KeyboardInterrupt:
        raise stop("stopped. The same command carries on from here.") from None


if __name__ == "__main__":
    sys.exit(main())
