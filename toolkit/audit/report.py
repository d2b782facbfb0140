"""The audit as text for a terminal, as JSON, and as a note to the authors of a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from toolkit.audit.finding import Effect, Finding, Reading
from toolkit.audit.run import Audit


def report_text(audit: Audit) -> str:
    """Return the findings paper by paper, with both places, the readings and what they do."""
    blocks = [f"{audit.review.key}: {_counted(audit.findings)}."]
    number = 0
    for paper in audit.papers:
        blocks.append(f"{paper}\n{'-' * len(paper)}")
        for finding in audit.findings:
            if finding.paper == paper:
                number += 1
                blocks.append(_finding_in_words(number, finding))
    return "\n\n".join(blocks)


def report_json(audits: Sequence[Audit]) -> str:
    """Return audits as JSON: one object, or a list of several."""
    told = [audit.to_dict() for audit in audits]
    return json.dumps(told[0] if len(told) == 1 else told, indent=2, ensure_ascii=False)


def _counted(findings: Sequence[Finding]) -> str:
    """Return how much was found, in words."""
    differing = sum(finding.level == "differs" for finding in findings)
    remarks = len(findings) - differing
    if not findings:
        return "nothing differs"
    places = f"{differing} place{'' if differing == 1 else 's'} where papers differ"
    return f"{places}, {remarks} remark{'' if remarks == 1 else 's'}"


def _finding_in_words(number: int, finding: Finding) -> str:
    """Return one finding as a paragraph."""
    mark = "" if finding.level == "differs" else " (remark)"
    lines = [f"{number}. [{finding.check}]{mark} {finding.what}"]
    if len(finding.readings) > 1:
        lines.extend(f"     {each.words}: {places(each, finding)}" for each in finding.readings)
    else:
        lines.extend(f"     {places(each, finding)}" for each in finding.readings)
    lines.extend(f"     {effect_in_words(effect)}" for effect in finding.effects)
    address = finding.address
    lines.append(f"     {address}")
    return "\n".join(lines)


def places(reading: Reading, finding: Finding) -> str:
    """Return the places that give a reading, each with what is printed there."""
    several = len(finding.papers) > 1
    told = (
        (f"{place.paper}, " if several else "")
        + place.where
        + (f' "{place.as_printed}"' if place.as_printed else "")
        for place in reading.places
    )
    return "; ".join(dict.fromkeys(told))


def effect_in_words(effect: Effect) -> str:
    """Return what readings do to a pool, in one sentence."""
    counts = f"{effect.recorded} could be {effect.lowest_count} to {effect.highest_count}"
    if effect.pooled is None or effect.lowest is None or effect.highest is None:
        return f"{effect.outcome}: {counts}; nothing is pooled in the main set."
    return (
        f"{effect.outcome}: {counts}; pooled {effect.pooled:.1%}, "
        f"{effect.lowest:.1%} to {effect.highest:.1%} under these readings."
    )


def erratum_note(audit: Audit, paper: str) -> str:
    """Return a note to the authors of a paper as Markdown: what differs, where, and a question.

    Remarks are left out; so is every judgement on which reading is right.
    """
    findings = [each for each in audit.of_paper(paper) if each.level == "differs"]
    lines = [f"# Places that differ: {_plain(audit.citation(paper))}", ""]
    if not findings:
        return "\n".join([*lines, "No place was found that differs from another one.", ""])
    count = f"{len(findings)} place{'' if len(findings) == 1 else 's'}"
    lines += [
        f"While extracting this paper we met {count} that we could not bring together. "
        "We would be grateful to learn which reading holds.",
        "",
    ]
    for number, finding in enumerate(findings, start=1):
        lines += [f"{number}. {_plain(finding.what)}", ""]
        lines += list(_printed_at(finding))
        lines.append("")
    lines += [
        "This note was written from the extraction sheets "
        f"(fingerprint {audit.review.fingerprint[:12]}).",
        "",
    ]
    return "\n".join(lines)


def _printed_at(finding: Finding) -> Iterator[str]:
    """Yield the places of a finding as items of a list."""
    said = {
        f"   - {_plain(place.where)}"
        + (f": “{_plain(place.as_printed)}”" if place.as_printed else "")
        + (f" ({place.paper})" if len(finding.papers) > 1 else ""): None
        for place in finding.places
    }
    yield from said


def _plain(text: str) -> str:
    """Return text of a sheet without what Markdown would act on."""
    return "".join(f"\\{mark}" if mark in "\\`*_{}[]<>#|" else mark for mark in text)
