"""Records to draw: the five series of the worked check, and cells that are hard to draw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from scipy.stats import beta

from toolkit.errors import Address
from toolkit.results.row import Row
from toolkit.results.synthesis import (
    Estimate,
    Heterogeneity,
    Prediction,
    Subgroup,
    SubgroupDifference,
    Synthesis,
)
from toolkit.review.method import Method
from toolkit.review.review import Comparator


def a_row(label: str, low: int, total: int, high: int | None = None, **more: object) -> Row:
    """A row with its Clopper-Pearson limits, the quantiles of two beta distributions."""
    high = low if high is None else high
    return Row(
        label=label,
        series=label.lower().replace(" ", "-"),
        events=low if low == high else None,
        events_low=low,
        events_high=high,
        total=total,
        estimate=low / total if low == high else None,
        low=0.0 if low == 0 else float(beta.ppf(0.025, low, total - low + 1)),
        high=1.0 if high == total else float(beta.ppf(0.975, high + 1, total - high)),
        **more,  # type: ignore[arg-type]
    )


ROWS = (
    a_row("Winters 2020", 6, 8, flags=("secondary", "single"), source="arcourt-2026"),
    a_row("Karol 2025", 3, 19, flags=("secondary", "single", "nearest")),
    a_row("LeBlanc 2024", 18, 27, flags=("secondary", "single", "nearest", "derived")),
    a_row("Niswander 2022", 14, 37, flags=("secondary",)),
    a_row(
        "Arcourt 2026",
        10,
        38,
        flags=("differs",),
        source="primary",
        where="Table 3, row CRc",
        as_printed="10 (26)",
    ),
)

FIVE = Synthesis(
    outcome="crc",
    outcome_label="Composite complete remission (CRc)",
    analysis_set="primary",
    analysis_set_label="Primary set",
    method=Method(),
    rows=ROWS,
    k=5,
    events=51,
    events_low=51,
    events_high=51,
    total=129,
    typical=Estimate(estimate=0.4143, low=0.1753, high=0.7018),
    average=Estimate(estimate=0.4340, low=0.2678, high=0.6315),
    prediction=Prediction(low=0.0618, high=0.8986),
    heterogeneity=Heterogeneity(tau=0.837, tau2=0.7004, tau2_low=0.1318, tau2_high=3.865),
)

ONE = Synthesis(
    outcome="febrile_neutropenia",
    outcome_label="Febrile neutropenia",
    grade="ge3",
    method=Method(fit="bayes"),
    lead="average",
    rows=(a_row("Arcourt 2026", 20, 36),),
    k=1,
    events=20,
    events_low=20,
    events_high=20,
    total=36,
    notes=("one series: not pooled",),
)

TWO = Synthesis(
    outcome="bacteremia",
    outcome_label="Bacteremia or sepsis",
    grade="ge3",
    method=Method(fit="bayes"),
    lead="average",
    rows=(
        a_row("Arcourt 2026", 1, 38, 11, flags=("undecided", "differs")),
        a_row("A phase 1 dose escalation at three hospitals, with a long name", 0, 20),
    ),
    k=2,
    events=None,
    events_low=1,
    events_high=11,
    total=58,
    typical=Estimate(estimate=0.06, low=0.004, high=0.31),
    average=Estimate(estimate=0.09, low=0.01, high=0.37),
    prediction=Prediction(low=0.0003, high=0.62),
)

WEIGHTED = replace(
    FIVE,
    method=Method(model="inverse-variance"),
    average=Estimate(),
    rows=tuple(
        replace(row, weight=weight)
        for row, weight in zip(ROWS, (0.15, 0.17, 0.2, 0.24, 0.24), strict=True)
    ),
)

SUBGROUPS = replace(
    FIVE,
    by="disease",
    subgroups=(
        Subgroup(level="a", label="De novo", answer=replace(FIVE, rows=ROWS[:2], k=2, total=18)),
        Subgroup(level="b", label="Secondary", answer=replace(FIVE, rows=ROWS[3:], k=2, total=75)),
        Subgroup(
            level="c", label="Neither de novo nor secondary, as far as the report goes", answer=ONE
        ),
    ),
    differences=(
        SubgroupDifference(
            first="De novo",
            second="Secondary",
            estimate=0.12,
            low=-0.3,
            high=0.5,
            probability_positive=0.7,
        ),
    ),
)


def a_comparator(label: str, **more: object) -> Comparator:
    """A published estimate with as much of it as is said."""
    said: dict[str, object] = {
        "population": "adults, newly diagnosed",
        "events": None,
        "total": None,
        "estimate": None,
        "low": None,
        "high": None,
        "why_not_comparable": "untreated adults of median age 76",
    }
    return Comparator(
        key=label,
        label=label,
        outcome="crc",
        grade="",
        as_printed="",
        source="",
        where="Table 2",
        address=Address(file="comparators.csv"),
        **(said | more),  # type: ignore[arg-type]
    )


COMPARATORS = (
    a_comparator("VIALE-A", events=190, total=286, estimate=0.664, low=0.606, high=0.719),
    a_comparator("VENAURA", estimate=0.614),
    a_comparator("DP-IAG", events=74, total=101),
)


def texts(figure: Figure) -> list[str]:
    """Everything written on a figure, in the order of writing."""
    return [text.get_text() for text in figure.texts]


def assert_readable(figure: Figure) -> None:
    """Fail where text leaves the page or two texts lie on each other."""
    # At the resolution of print: coarse screens round the width of every letter up.
    figure.set_dpi(600)
    renderer = FigureCanvasAgg(figure).get_renderer()
    page = figure.bbox
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in figure.texts]
    for words, box in boxes:
        assert box.x0 >= page.x0, f"{words!r} leaves the page on the left"
        assert box.x1 <= page.x1, f"{words!r} leaves the page on the right"
        assert box.y0 >= page.y0, f"{words!r} leaves the page below"
        assert box.y1 <= page.y1, f"{words!r} leaves the page above"
    # Neighbours that touch may share the fraction of a dot to which boxes are rounded.
    slack = 1.0
    for number, (words, box) in enumerate(boxes):
        for other, another in boxes[number + 1 :]:
            apart = (
                box.x1 <= another.x0 + slack
                or another.x1 <= box.x0 + slack
                or box.y1 <= another.y0 + slack
                or another.y1 <= box.y0 + slack
            )
            assert apart, f"{words!r} and {other!r} lie on each other"


def drawn(figure: Figure, name: str) -> Any:
    """The mark of a name."""
    return next(artist for artist in figure.get_children() if artist.get_gid() == name)


def marks(figure: Figure, kind: str = "dot") -> dict[str, Bbox]:
    """The named marks of a figure with their boxes in dots, from the page's lower left corner."""
    return {
        str(artist.get_gid()): artist.get_window_extent()
        for artist in figure.get_children()
        if str(artist.get_gid()).startswith(f"{kind}-")
    }
