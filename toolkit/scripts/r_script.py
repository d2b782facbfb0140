"""An answer as a script of R."""

from __future__ import annotations

from toolkit.results.synthesis import Synthesis
from toolkit.scripts.answer_table import ending, heading, whole
from toolkit.scripts.counts_in_r import counted
from toolkit.scripts.lines_of_r import assigned, block, number, table
from toolkit.scripts.two_stage_in_r import inverse_variance


def r_script(answer: Synthesis) -> str:
    """Return the script of an answer of one study or more, but for a ladder's."""
    head = [*heading(answer), "", assigned("level", number(answer.method.level))]
    if answer.method.model == "inverse-variance":
        parts = [*head, *inverse_variance(answer)]
        return whole(parts)
    data = table(
        "studies",
        {
            "study": [row.label for row in answer.rows],
            "events": [row.events_low for row in answer.rows],
            "most": [row.events_high for row in answer.rows],
            "patients": [row.total for row in answer.rows],
        },
    )
    note = "# Events among patients; `most` is larger where the source leaves the number open."
    middle, lines = counted(answer)
    own = [block("forest")]
    return whole([*head, note, data, "", *middle, *ending(answer, lines, own)])
