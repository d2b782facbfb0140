"""One zip of a review: sheets, results, scripts, and the metadata that archives ask for.

Equal sheets, date and version give equal bytes. `check_archive` unpacks one elsewhere, pools its
sheets again and compares the results byte by byte.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import chdir
from datetime import date
from importlib import metadata
from pathlib import Path, PurePosixPath

from toolkit import __version__
from toolkit.analysis.cache import kept_in
from toolkit.book.content.answers import Answers, compute
from toolkit.errors import ToolkitError
from toolkit.load import read
from toolkit.review.review import Review
from toolkit.scripts.script import has_script, script
from toolkit.sheets.folder import RawReview, read_tables
from toolkit.takeaway.codebook import codebook, data_package
from toolkit.takeaway.crate import Deposit, citation_file, ro_crate, zenodo

RESULTS = "results.json"
_CRATE = "ro-crate-metadata.json"
_LOCK = "requirements.lock"
_WHEN = (1980, 1, 1, 0, 0, 0)
_MOST_UNPACKED = 500_000_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def archive(
    folder: Path, *, published: str = "", license_address: str = "", answers: Answers | None = None
) -> bytes:
    """Return the archive of a review as a zip.

    Parameters
    ----------
    folder : Path
        The review's folder; its sheets must have no problem.
    published : str
        Date of the archive, YYYY-MM-DD; today unless given.
    license_address : str
        Address of the license under which it is given away; none unless given.
    answers : Answers, optional
        What these sheets say, where it was computed already.

    Raises
    ------
    SheetError
        With every problem of the sheets.
    ToolkitError
        For a date that is none.
    """
    when = published or date.today().isoformat()
    if not _DATE.fullmatch(when) or not _is_date(when):
        raise ToolkitError(f'"{when}" is no date: write it as 2026-01-31.')
    deposit = Deposit(published=when, license=license_address)
    review, raw = read(folder), read_tables(folder)
    if answers is None:
        with kept_in(None):
            answers = compute(review)
    files = _files(folder, raw, answers, deposit)
    files[_CRATE] = ro_crate(review, files, deposit).encode()
    return _zipped(files)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _files(folder: Path, raw: RawReview, answers: Answers, deposit: Deposit) -> dict[str, bytes]:
    """Return every file but the crate's own, by its path in the archive."""
    review = answers.review
    inside = f"extractions/{review.key}/"
    sheets = {f"{inside}{path}": content for path, content in raw.contents.items()}
    for path in sorted(folder.glob("critical-values/*.npz")):
        sheets[f"{inside}critical-values/{path.name}"] = path.read_bytes()
    described = json.dumps(data_package(raw, review, inside), indent=1, ensure_ascii=False) + "\n"
    return {
        **sheets,
        **dict(_scripts(answers)),
        RESULTS: answers.results.to_json().encode(),
        "datapackage.json": described.encode(),
        "codebook.csv": codebook(raw, review).encode(),
        "CITATION.cff": citation_file(review, deposit).encode(),
        ".zenodo.json": zenodo(review, deposit).encode(),
        _LOCK: _lock(),
        "README.md": _readme(review).encode(),
    }


def _scripts(answers: Answers) -> Iterator[tuple[str, bytes]]:
    """Yield a script of R for each outcome that the primary set pools."""
    for outcome in answers.outcomes:
        pool = answers.headline(outcome.key)
        if pool is not None and pool.leading.defined and has_script(pool):
            yield f"scripts/{outcome.key}.R", script(pool).encode()


def _lock() -> bytes:
    """Return the lock of a checkout, or the versions of what is installed where there is none."""
    path = Path(__file__).resolve().parents[2] / _LOCK
    if path.is_file():
        return path.read_bytes()
    names = ("numpy", "scipy", "pandas", "matplotlib", "statsmodels", "pydantic", "joblib")
    lines = ["# Versions that were installed when the archive was made; no hashes."]
    lines += [f"{name}=={metadata.version(name)}" for name in names]
    return ("\n".join(lines) + "\n").encode()


def _readme(review: Review) -> str:
    return (
        f"# {review.title or review.key}\n\n"
        f"{review.question}\n\n"
        f"- `extractions/{review.key}/`: the protocol and the extraction sheets; `codebook.csv` "
        "says what each column means, `datapackage.json` the same for machines.\n"
        f"- `{RESULTS}`: every estimate, with the rows that it rests on.\n"
        "- `scripts/`: each pooled answer as a script of R with the data in it.\n"
        f"- `{_CRATE}`, `.zenodo.json`, `CITATION.cff`: metadata.\n\n"
        f"Made by Series Toolkit {__version__} from the sheets with the hash "
        f"{review.fingerprint}. To make the results again, install that version with the packages "
        f"of `{_LOCK}` and run, with this zip:\n\n"
        f"```\ntoolkit archive --check {review.key}.zip\n```\n\n"
        "It unpacks the sheets into an empty folder, pools them, and compares every byte of "
        f"`{RESULTS}`.\n"
    )


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip without a clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=_WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[path])
    return out.getvalue()


def unpack(content: bytes, target: Path) -> Path:
    """Unpack an archive into a folder; return the folder of its review.

    Raises
    ------
    ToolkitError
        For what is no archive of a review, for paths that lead out of it, and for sizes that no
        review has.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                raise ToolkitError("it unpacks to more than 500 MB: no review is so large.")
            for entry in entries:
                path = PurePosixPath(entry.filename)
                if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
                    raise ToolkitError(f'"{entry.filename}" leads out of the archive.')
                place = target.joinpath(*path.parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(packed.read(entry))
    # RuntimeError: a password; NotImplementedError: a packing that nobody here knows.
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ) as failure:
        raise ToolkitError(f"this is no zip that can be read: {failure}.") from failure
    protocols = sorted(target.glob("extractions/*/review.toml"))
    if len(protocols) != 1 or not (target / RESULTS).is_file():
        raise ToolkitError(
            "this is no archive of a review: it needs extractions/REVIEW/review.toml and "
            f"{RESULTS}."
        )
    return protocols[0].parent


def check_archive(content: bytes) -> tuple[str, ...]:
    """Return where the results differ when an archive is made again elsewhere; empty if nowhere.

    Its sheets are unpacked into an empty folder and pooled there; nothing computed before is used.
    """
    with tempfile.TemporaryDirectory() as bare:
        folder = unpack(content, Path(bare))
        kept = (Path(bare) / RESULTS).read_bytes()
        with chdir(bare), kept_in(None):
            again = compute(read(folder)).results.to_json().encode()
    if again == kept:
        return ()
    try:
        before = json.loads(kept)
    except ValueError:
        return (f"{RESULTS} is no JSON",)
    return tuple(_differences("", before, json.loads(again))) or (f"{RESULTS}: white space",)


def _differences(path: str, before: object, after: object) -> Iterator[str]:
    """Yield the paths at which two documents differ, with both values."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _differences(f"{path}.{key}".lstrip("."), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differences(f"{path}.{place}", old, new)
    elif before != after:
        yield f"{path}: {json.dumps(before)[:80]} in the archive, {json.dumps(after)[:80]} now"
