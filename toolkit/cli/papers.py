"""The commands that read papers: a draft of a series, and how well drafts do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from toolkit.cli.reviewer import ReviewName
from toolkit.errors import ToolkitError
from toolkit.reviewing.outputs import free_target


def draft(
    review: ReviewName,
    series: Annotated[
        str, typer.Argument(metavar="SERIES", help="First author and year, such as smith-2020.")
    ],
    paper: Annotated[
        Path,
        typer.Argument(
            metavar="PAPER",
            help="JATS XML, results of ClinicalTrials.gov (JSON), HTML, PDF with text, text, TSV.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.xlsx", help="Where to write it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Draft a series from its paper: a workbook of proposals, each to be ticked by a person."""
    from toolkit.load import find
    from toolkit.papers.drafts import draft as draft_paper

    path = find(review)
    target = (
        None
        if as_json and output is None
        else free_target(output or Path(f"{series}.xlsx"), inputs=(paper,))
    )
    drafted = draft_paper(path, paper)
    if target is not None:
        from toolkit.reviewing.drafts import make_drafted_workbook

        make_drafted_workbook(path, series, drafted, target)
    if as_json:
        typer.echo(json.dumps(drafted.to_list(), ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"{target} is there: {len(drafted.proposals)} proposals, {len(drafted.statements)} "
        f"statements, {len(drafted.unmatched)} quantities to assign."
    )
    typer.echo(
        "None is recorded until somebody has compared it with the paper and written their name "
        f'under accepted_by on its sheet "proposals". Then: toolkit add {review} "{target}"'
    )


def audit_one_paper(reviews: Sequence[str], paper: Path, *, as_json: bool) -> None:
    """Print where one paper differs from itself; a review named beside it lends its words."""
    from toolkit.audit.manuscript import audit_paper, in_words
    from toolkit.load import find
    from toolkit.papers.drafts import words_of

    if len(reviews) > 1:
        raise ToolkitError("name one review at most: a paper is read with the words of one.")
    words = words_of(find(reviews[0])) if reviews else None
    audited = audit_paper(paper, words)
    if as_json:
        typer.echo(json.dumps(audited.to_dict(), ensure_ascii=False, indent=1))
    else:
        typer.echo(in_words(audited))
