"""Steps, event table, choices, influence, subsets, flow, appraisal, patients: what they show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree import ElementTree

import numpy as np
import pytest
from figure_records import FIVE, ONE, ROWS, a_row, assert_readable, drawn, marks, texts
from matplotlib.figure import Figure

from toolkit.errors import Address, ChoiceError
from toolkit.figures.appraisal import ITEMS, appraisal
from toolkit.figures.event_table import event_table
from toolkit.figures.flow import BOXES, flow
from toolkit.figures.influence import influence_plot
from toolkit.figures.page.numerals import estimate_in_words
from toolkit.figures.page.svg import inline_svg
from toolkit.figures.patients import Block, patient_matrix
from toolkit.figures.small_study import small_study_plot
from toolkit.figures.specification_curve import in_order, specification_plot
from toolkit.figures.steps import cumulative_plot, leave_one_out_plot
from toolkit.figures.subsets import subsets_plot
from toolkit.results.curve import DataVariant, MethodVariant, Specification, SpecificationCurve
from toolkit.results.influence import Influence, SeriesInfluence, SizedSeries, SmallStudy
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.counts import Patient
from toolkit.review.method import Method
from toolkit.review.review import FlowBox
from toolkit.review.series import AppraisalItem, Series
from toolkit.review.words import Word

HERE = Address(file="somewhere.csv")
NONE = Estimate()


@dataclass(frozen=True, kw_only=True)
class AStep:
    label: str
    k: int
    total: int
    typical: Estimate
    average: Estimate = NONE
    notes: tuple[str, ...] = ()


def an_estimate(middle: float) -> Estimate:
    return Estimate(estimate=middle, low=middle - 0.1, high=middle + 0.2)


STEPS = [
    AStep(label="Winters 2020", k=1, total=8, typical=NONE, notes=("one series: not pooled",)),
    AStep(label="Karol 2025", k=3, total=54, typical=an_estimate(0.48)),
    AStep(label="LeBlanc 2024", k=4, total=91, typical=an_estimate(0.35)),
]


def a_combination(data: str, method: str, estimate: Estimate) -> Specification:
    average = method == "Beta-binomial"
    return Specification(
        data=data,
        method=method,
        estimand="average" if average else "typical",
        k=5,
        total=129,
        estimate=estimate,
        note="",
    )


SETS = ("Primary set", "AML only", "Without Winters 2020")
WAYS = ("Maximum likelihood, t(k-1)", "Beta-binomial", "Profile")
CURVE = SpecificationCurve(
    outcome_label="Composite complete remission",
    headline=(SETS[0], WAYS[0]),
    variants=(
        *(DataVariant(key=label, label=label, kind="set", k=5, total=129) for label in SETS),
        DataVariant(key="x", label="No patient twice", kind="set", same_as=SETS[1]),
    ),
    methods=tuple(MethodVariant(label=label, method=Method()) for label in WAYS),
    specifications=(
        *(
            a_combination(data, method, an_estimate(0.3 + 0.1 * i - 0.04 * j))
            for i, data in enumerate(SETS)
            for j, method in enumerate(WAYS[:2])
        ),
        a_combination("AML only", "Profile", NONE),
    ),
)


def an_event(name: str, *rows: object, pooled: Estimate = NONE) -> Synthesis:
    return replace(
        ONE,
        outcome=name,
        outcome_label=name,
        rows=rows,
        k=len(rows),
        average=pooled,
    )


EVENTS = [
    an_event(
        "Febrile neutropenia",
        a_row("Arcourt 2026", 20, 36),
        a_row("Karol 2020", 25, 38),
        pooled=an_estimate(0.55),
    ),
    an_event("Bacteremia or sepsis", a_row("Arcourt 2026", 1, 38, 11)),
    an_event("Tumor lysis syndrome", a_row("Karol 2020", 0, 38)),
]

FLOW = [
    FlowBox(
        box=word,
        label=f"Words of {word.replace('_', ' ')}",
        number=None if word.startswith("databases") else place,
        note="",
    )
    for place, word in enumerate(BOXES)
]


def a_series(key: str, judgements: str) -> Series:
    words = {"y": "yes", "n": "no", "u": "unclear", "a": "not_applicable"}
    return Series(
        key=key,
        label=key.capitalize(),
        groups=(),
        counts=(),
        patients=(),
        appraisal=tuple(
            AppraisalItem(item=str(number), judgement=words[letter], ground="Its ground.", where="")
            for number, letter in enumerate(judgements, start=1)
        ),
        address=HERE,
    )


SERIES = [a_series("arcourt", "uuyuuyyuun"), a_series("winters", "yyyaaaynnn"), a_series("via", "")]

PATIENTS = [
    Patient(
        key=str(number),
        cells=(("response", response), ("line", line), ("features", f"gene {number}")),
        address=HERE,
    )
    for number, (response, line) in enumerate(
        [("cr", "first"), ("none", "second"), ("cr", "second"), ("none", ""), ("pr", "first")],
        start=1,
    )
]
BLOCKS = [
    Block(
        column="response",
        label="Best response",
        words=(Word(key="cr", label="Complete"), Word(key="none", label="No response")),
    ),
    Block(column="line", label="Line", words=(Word(key="first", label="First relapse"),)),
]

FITS = [
    Influence(
        method=method,
        spread=0.84,
        rows=(
            SeriesInfluence(
                label="Winters 2020", shift=0.58, spread_without=0.73, distance=0.4, confidence=0.2
            ),
            SeriesInfluence(
                label="Karol 2025", shift=-1.66, spread_without=0.69, distance=2.7, confidence=0.75
            ),
            SeriesInfluence(label="LeBlanc 2024", note="The others alone have no fit."),
        ),
    )
    for method in (Method(), Method(model="inverse-variance"))
]


@dataclass(frozen=True, kw_only=True)
class SomeSubsets:
    method: Method
    estimate: np.ndarray
    moves_most: str
    with_it: np.ndarray


SUBSETS = SomeSubsets(
    method=Method(),
    estimate=np.array([0.21, 0.22, 0.31, 0.43, 0.44, 0.444]),
    moves_most="Karol 2025",
    with_it=np.array([True, True, True, False, True, False]),
)

SIZES = SmallStudy(
    rows=tuple(
        SizedSeries(label=f"Study {number}", total=12 * number, estimate=0.08 * number)
        for number in range(1, 11)
    ),
    slope=-6.2,
    intercept=0.41,
    statistic=-2.13,
    df=8.0,
    p=0.0004,
    limit=an_estimate(0.6),
)

ALL = {
    "leave-one-out": lambda narrow: leave_one_out_plot(FIVE, STEPS, narrow=narrow),
    "cumulative": lambda narrow: cumulative_plot(FIVE, STEPS, narrow=narrow),
    "events": lambda narrow: event_table(EVENTS, narrow=narrow),
    "specifications": lambda narrow: specification_plot(CURVE, narrow=narrow),
    "influence": lambda narrow: influence_plot(FITS, narrow=narrow),
    "subsets": lambda narrow: subsets_plot([SUBSETS, SUBSETS], narrow=narrow),
    "sizes": lambda narrow: small_study_plot(SIZES, narrow=narrow),
    "flow": lambda narrow: flow(FLOW, narrow=narrow),
    "appraisal": lambda narrow: appraisal(SERIES, narrow=narrow),
    "patients": lambda narrow: patient_matrix(PATIENTS, BLOCKS, narrow=narrow),
}


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ALL)
def test_it_is_readable_and_goes_into_a_page(name: str, narrow: bool) -> None:
    figure: Figure = ALL[name](narrow)
    assert_readable(figure)
    root = ElementTree.fromstring(inline_svg(figure, "here"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert len(root[1].text or "") > 40
    assert inline_svg(ALL[name](narrow), "here") == inline_svg(figure, "here")


def test_a_step_without_a_pool_says_why_and_has_no_mark() -> None:
    figure = cumulative_plot(FIVE, STEPS)
    assert "one series: not pooled" in texts(figure)
    # Two steps with an estimate, and the pool of all series.
    assert len(marks(figure)) == 3


def test_the_last_line_of_steps_is_the_pool_of_all() -> None:
    said = texts(leave_one_out_plot(FIVE, STEPS))
    place = said.index("All 5 studies")
    assert said[place + 1 : place + 6] == ["5", "/129", "41", "(18", "–70)"]


def test_not_reported_is_unlike_zero() -> None:
    figure = event_table(EVENTS)
    # Tumor lysis syndrome: Arcourt does not report it, Karol counts none.
    missing, zero = drawn(figure, "dot-3-1"), drawn(figure, "dot-3-2")
    assert "not reported" in missing.get_label()
    assert "0 of 38" in zero.get_label()
    said = texts(figure)
    assert said.count("–") == 2
    assert "0/38" in said


def test_a_cell_is_darker_for_more() -> None:
    figure = event_table(EVENTS)
    opacity = [drawn(figure, name).get_facecolor()[3] for name in ("dot-1-2", "dot-1-1", "dot-3-2")]
    assert opacity[0] / opacity[1] == pytest.approx((25 / 38) / (20 / 36))
    assert opacity[2] == 0


def test_grade_is_said_once_above_the_table() -> None:
    said = " ".join(texts(event_table(EVENTS))).lower()
    assert said.count("grade ≥ 3") == 1


def test_specifications_stand_in_order_of_their_estimates() -> None:
    figure = specification_plot(CURVE)
    boxes = list(marks(figure).values())
    assert len(boxes) == 6
    assert [box.x0 for box in boxes] == sorted(box.x0 for box in boxes)
    assert [box.y0 for box in boxes] == sorted(box.y0 for box in boxes)
    assert "6 of 7 combinations give an estimate" in texts(figure)
    assert [each.estimate.estimate for each in in_order(CURVE)] == sorted(
        each.estimate.estimate or 0 for each in CURVE.specifications if each.estimate.defined
    )


def test_a_combination_is_known_by_its_marks() -> None:
    figure = specification_plot(CURVE)
    columns = range(1, 7)
    assert [drawn(figure, f"dot-{place}").get_label() for place in columns] == [
        f"{each.data}; {each.method}: {estimate_in_words(each.estimate)}, "
        f"{'mean across studies' if each.method == 'Beta-binomial' else 'median study'}, "
        "k = 5, n = 129"
        for each in in_order(CURVE)
    ]
    lanes = {}
    for place, each in zip(columns, in_order(CURVE), strict=True):
        ticks = drawn(figure, f"tick-{place}").get_path().vertices
        lanes.setdefault(each.data, set()).add(ticks[0][1])
        lanes.setdefault(each.method, set()).add(ticks[2][1])
    # One row for each choice, and no two choices on one row.
    assert {len(rows) for rows in lanes.values()} == {1}
    assert len({row for rows in lanes.values() for row in rows}) == len(lanes)
    said = " ".join(texts(figure))
    assert "No patient twice = AML only" in said
    assert said.count("no estimate") == 1


def test_a_pull_stands_left_or_right_of_nothing_and_a_missing_one_is_no_mark() -> None:
    figure = influence_plot(FITS)
    up, down = (marks(figure)[f"dot-{place}-1-1"] for place in (1, 2))
    assert down.x0 < up.x0
    # Three diagnostics of two series under two fits; the third series has none.
    assert len(marks(figure)) == 12
    assert "by −1.66 standard errors" in drawn(figure, "dot-2-1-1").get_label()
    assert texts(figure).count("–") == 3
    said = str(figure.get_label())
    assert said.count("LeBlanc 2024: The others alone have no fit.") == 2
    assert ".." not in said


def test_bars_of_subsets_are_as_high_as_their_numbers() -> None:
    figure = subsets_plot([SUBSETS])
    found = marks(figure)
    # 20 to 22.5 holds two with the series; 42.5 to 45 one with it below two without.
    assert set(found) == {"dot-1-9-1", "dot-1-13-1", "dot-1-18-1", "dot-1-18-2"}
    unit = found["dot-1-13-1"].height
    assert found["dot-1-9-1"].height == pytest.approx(2 * unit, rel=0.05)
    assert found["dot-1-18-2"].height == pytest.approx(2 * unit, rel=0.05)
    said = drawn(figure, "dot-1-18-1").get_label()
    assert said == "43 to 45%: 1 subset with Karol 2025, 2 without"
    assert "from 21 to 44%" in str(figure.get_label())
    assert "median is 27% with Karol 2025 and 44% without" in str(figure.get_label())


def test_larger_series_stand_higher_and_larger_proportions_further_right() -> None:
    figure = small_study_plot(SIZES)
    boxes = [marks(figure)[f"dot-{number}"] for number in range(1, 11)]
    assert [box.x0 for box in boxes] == sorted(box.x0 for box in boxes)
    assert [box.y0 for box in boxes] == sorted(box.y0 for box in boxes)
    assert "Slope −6.20 per 1/n, t(8) = −2.13, p < 0.001 (two-sided)." in texts(figure)


def test_a_box_without_a_number_says_it_is_still_to_be_done() -> None:
    said = texts(flow(FLOW))
    assert said.count("Still to be done") == 4
    assert any("n\u00a0=\u00a016" in words for words in said)


def test_a_box_that_prisma_does_not_have_is_refused() -> None:
    with pytest.raises(ChoiceError, match="records_screened"):
        flow([replace(FLOW[0], box="records_screend")])


def test_judgements_differ_in_sign_and_the_rest_is_named() -> None:
    figure = appraisal(SERIES)
    said = texts(figure)
    # One of each sign stands in the key.
    assert (said.count("+"), said.count("?"), said.count("×")) == (3 + 4 + 1, 6 + 1, 1 + 3 + 1)
    assert "Not yet appraised: Via." in said
    assert [said.count(words) for words in ITEMS] == [1] * 10


def test_an_unknown_judgement_is_refused() -> None:
    wrong = replace(
        SERIES[0], appraisal=(AppraisalItem(item="1", judgement="maybe", ground="", where=""),)
    )
    with pytest.raises(ChoiceError, match="maybe"):
        appraisal([wrong])


def test_every_patient_is_drawn_and_counted_once_in_each_block() -> None:
    figure = patient_matrix(PATIENTS, BLOCKS)
    said = texts(figure)
    # A word that the vocabulary lacks still gets its row.
    assert [said[said.index(words) + 1] for words in ("Complete", "No response", "pr")] == [
        "2",
        "2",
        "1",
    ]
    assert drawn(figure, "lane-1").get_label().startswith("Patient 1; Best response: Complete")
    assert "gene 1" in drawn(figure, "lane-1").get_label()
    assert len(marks(figure, "lane")) == len(PATIENTS)


def test_rows_of_the_worked_check_are_all_in_the_table() -> None:
    said = texts(event_table([FIVE]))
    for row in ROWS:
        assert f"{row.events}/{row.total}" in said
