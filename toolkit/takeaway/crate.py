"""The archive described for machines: RO-Crate, Zenodo, Citation File Format.

**Source**: RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Citation File Format 1.2.0; deposit
metadata of Zenodo's REST interface.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit import __version__
from toolkit.review.review import Review

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_NO_LICENSE = (
    "No license is stated. The extracted facts belong to the papers that they are cited from."
)
_KINDS = {
    "csv": "text/csv",
    "json": "application/json",
    "toml": "application/toml",
    "md": "text/markdown",
    "cff": "application/yaml",
    "lock": "text/plain",
    "R": "text/x-r",
    "npz": "application/zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What whoever deposits an archive decides.

    Attributes
    ----------
    published : str
        Date of the archive, YYYY-MM-DD.
    license : str
        Address of a license, such as ``https://creativecommons.org/licenses/by/4.0/``; empty where
        none is granted.
    """

    published: str
    license: str = ""


def ro_crate(review: Review, files: Mapping[str, bytes], deposit: Deposit) -> str:
    """Return ro-crate-metadata.json for files by their path in the archive."""
    results = "results.json"
    people = [_person(name) for name in review.authors]
    papers = _papers(review)
    license_entity = (
        {"@id": deposit.license, "@type": "CreativeWork", "name": deposit.license}
        if deposit.license
        else {
            "@id": "#license",
            "@type": "CreativeWork",
            "name": "No license stated",
            "description": _NO_LICENSE,
        }
    )
    software = {
        "@id": "#series-toolkit",
        "@type": "SoftwareApplication",
        "name": "Series Toolkit",
        "version": __version__,
        "softwareVersion": __version__,
    }
    sheets = [path for path in files if path.startswith("extractions/")]
    action = {
        "@id": "#pooling",
        "@type": "CreateAction",
        "name": "Pooling of the extraction sheets",
        "instrument": {"@id": software["@id"]},
        "object": [{"@id": path} for path in sorted(sheets)],
        "result": {"@id": results},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": review.title or review.key,
        "description": review.question or review.title or review.key,
        "datePublished": deposit.published,
        "version": __version__,
        "identifier": review.fingerprint,
        "license": {"@id": license_entity["@id"]},
        "author": [{"@id": each["@id"]} for each in people],
        "hasPart": [{"@id": path} for path in sorted(files)],
        "mentions": {"@id": action["@id"]},
        "citation": [{"@id": each["@id"]} for each in papers],
        "variableMeasured": [outcome.label for outcome in review.outcomes],
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    described = [_file(path, files[path]) for path in sorted(files)]
    graph = [descriptor, root, *described, *people, *papers, software, action, license_entity]
    return _json({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph})


def _file(path: str, content: bytes) -> dict[str, Any]:
    kind = _KINDS.get(path.rpartition(".")[2], "application/octet-stream")
    return {
        "@id": path,
        "@type": "File",
        "name": path.rpartition("/")[2],
        "description": _purpose(path),
        "encodingFormat": kind,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _purpose(path: str) -> str:
    """Return what a file of the archive is for."""
    name = path.rpartition("/")[2]
    known = {
        "results.json": "Every estimate of the review, with the rows that it rests on.",
        "datapackage.json": "Frictionless Data Package: what each column of each sheet may hold.",
        "codebook.csv": "What each column of each sheet means.",
        "requirements.lock": "The packages, with versions and hashes, that compute the results.",
        "CITATION.cff": "How the review is cited.",
        ".zenodo.json": "Metadata for a deposit at Zenodo.",
        "README.md": "What is in the folder and how it is made again.",
        "review.toml": "The protocol: question, outcomes, sets of studies, methods.",
    }
    if path.startswith("scripts/"):
        return "A script of R that makes one answer again."
    if name in known:
        return known[name]
    return (
        "Critical values of a likelihood ratio." if name.endswith(".npz") else "Extraction sheet."
    )


def _person(name: str) -> dict[str, Any]:
    words = name.split()
    kind = "Organization" if words[-1:] == [words[-1].lower()] else "Person"
    return {"@id": f"#{'-'.join(words)}", "@type": kind, "name": name}


def _papers(review: Review) -> list[dict[str, Any]]:
    """Return the papers that have a DOI as it is spelled."""
    papers: dict[str, dict[str, Any]] = {}
    for series in review.series:
        if _DOI.fullmatch(series.doi):
            address = f"https://doi.org/{series.doi}"
            papers[address] = {
                "@id": address,
                "@type": "ScholarlyArticle",
                "name": series.citation,
            }
    return list(papers.values())


def zenodo(review: Review, deposit: Deposit) -> str:
    """Return .zenodo.json; a license is named only where one is granted."""
    told: dict[str, Any] = {
        "title": review.title or review.key,
        "upload_type": "dataset",
        "description": review.question or review.title or review.key,
        "creators": [{"name": name} for name in review.authors],
        "version": __version__,
        "publication_date": deposit.published,
        "keywords": ["meta-analysis", "proportions", "case series", "evidence synthesis"],
        "related_identifiers": [
            {"identifier": each["@id"], "relation": "isDerivedFrom", "scheme": "url"}
            for each in _papers(review)
        ],
        "notes": f"Data {review.fingerprint}. {'' if deposit.license else _NO_LICENSE}".strip(),
    }
    if deposit.license:
        told["license"] = deposit.license
    return _json(told)


def citation_file(review: Review, deposit: Deposit) -> str:
    """Return CITATION.cff of the review: every value is quoted as JSON, which is YAML too."""
    told: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Cite the review with its version, and the papers whose counts you use.",
        "type": "dataset",
        "title": review.title or review.key,
        "version": __version__,
        "date-released": deposit.published,
        "identifiers": [
            {"type": "other", "value": review.fingerprint, "description": "Hash of the sheets"}
        ],
    }
    told["authors"] = [{"name": name} for name in review.authors or ("not stated",)]
    if deposit.license:
        told["license-url"] = deposit.license
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
