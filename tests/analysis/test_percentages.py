"""Percentages without counts: from the sheets to the pool, held against R."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

import toolkit as tk
from tests.made_review import NOWHERE, analysis_set, count, group, outcome, review, series
from toolkit.analysis.bare_rows import bare_rows
from toolkit.analysis.effects import row_effects
from toolkit.analysis.rows import percentage_row
from toolkit.analysis.specification_curve import specification_curve
from toolkit.analysis.synthesize import pool_rows
from toolkit.review.counts import Percentage
from toolkit.review.method import PERCENTAGE_METHODS
from toolkit.review.words import INTERVAL_SCALES

CHECKOUT = Path(__file__).resolve().parents[2]
REFERENCE = CHECKOUT / "tests" / "reference"
SURVIVAL = tk.Method(
    model="inverse-variance",
    scale="complementary-log-log",
    interval="hartung-knapp",
    approximation="optimistic",
)


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def trials() -> tk.Review:
    return tk.read(CHECKOUT / "extractions" / "infant-all")


POOLS = reference("survival_pools")

AS_PRINTED = "five-years-as-printed"
"""Set that holds the trial whose five years its own abstract contradicts."""


@pytest.mark.parametrize("row", POOLS, ids=lambda row: f"{row['pool']}-{row['test']}")
def test_the_pool_is_that_of_metafor(trials: tk.Review, row: dict[str, str]) -> None:
    key, chosen = row["pool"].split(".")
    interval = "hartung-knapp" if row["test"] == "knha" else "wald"
    answer = tk.pool(trials, key, replace(SURVIVAL, interval=interval), analysis_set=chosen)
    wanted = [each for each in reference("survival_percentages") if each["pool"] == row["pool"]]
    assert [each.series for each in answer.rows] == [each["series"] for each in wanted]
    assert answer.k == int(row["k"])
    assert answer.scale_estimate == pytest.approx(float(row["estimate"]), rel=1e-8)
    assert answer.scale_se == pytest.approx(float(row["se"]), rel=1e-8)
    assert answer.heterogeneity.tau2 == pytest.approx(float(row["tau2"]), rel=1e-8, abs=1e-12)
    assert answer.heterogeneity.q == pytest.approx(float(row["q"]), rel=1e-8)
    # The scale falls where a survival rises, so its lower limit is the upper one of the survival.
    low, high = (math.exp(-math.exp(float(row[name]))) for name in ("ci_high", "ci_low"))
    assert (answer.typical.low, answer.typical.high) == pytest.approx((low, high), rel=1e-8)
    if row["test"] == "knha":
        low, high = (math.exp(-math.exp(float(row[name]))) for name in ("pi_high", "pi_low"))
        found = answer.prediction
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-8)


def percentage(key: str, percent: float, patients: int, **changes: object) -> Percentage:
    """Return a survival at five years, printed alone."""
    settings: dict[str, object] = {
        "group": "all",
        "outcome": "survival",
        "grade": "",
        "time_years": 5.0,
        "status": "",
        "low": None,
        "high": None,
        "level": 0.95,
        "interval_scale": "",
        "standard_error": None,
        "decimals": 1,
        "at_risk": None,
        "as_printed": f"{percent}",
        "basis": "reported",
        "source": "primary",
        "where": "Table 1, row 1",
        "note": "",
        "address": NOWHERE,
    }
    return Percentage(
        series=key,
        proportion=percent / 100,
        patients=patients,
        **(settings | changes),  # type: ignore[arg-type]
    )


def made(*several: Percentage, **settings: object) -> tk.Review:
    """Return a review of one survival, a series for each percentage."""
    asked = outcome(
        "survival", **{"kind": "survival", "time_years": 5.0, "method": SURVIVAL, **settings}
    )
    return review(
        [
            replace(
                series(each.series, [group("all", each.patients, regimen="ab", stage="")], []),
                percentages=(each,),
            )
            for each in several
        ],
        [
            analysis_set("primary"),
            analysis_set("near", where=(("time_years", ("5", "4", "6")),)),
        ],
        [asked],
    )


def test_only_equal_times_are_pooled_unless_a_set_says_so() -> None:
    several = [percentage("a", 40, 50), percentage("b", 45, 60, time_years=4.0)]
    several += [percentage("c", 50, 70), percentage("d", 50, 70, time_years=3.0)]
    found = made(*several)
    assert [row.series for row in tk.pool(found, "survival").rows] == ["a", "c"]
    near = tk.pool(found, "survival", analysis_set="near")
    assert [(row.series, "other-time" in row.flags) for row in near.rows] == [
        ("a", False),
        ("b", True),
        ("c", False),
    ]


def test_models_of_counts_refuse_a_percentage_and_name_its_series() -> None:
    found = made(percentage("a", 40, 50), percentage("b", 45, 60), percentage("c", 45, 60))
    for method in (tk.Method(), tk.Method(fit="bayes"), tk.Method(model="pooled-counts")):
        with pytest.raises(tk.ToolkitError, match="never turned into a count") as refused:
            tk.pool(found, "survival", method)
        assert "A, B, C" in str(refused.value)


def test_a_coverage_card_says_that_percentages_cannot_be_simulated(trials: tk.Review) -> None:
    with pytest.raises(tk.ToolkitError, match="a percentage alone have no counts to simulate"):
        tk.coverage_card(tk.pool(trials, "efs", analysis_set=AS_PRINTED))


def test_counts_and_percentages_are_pooled_together() -> None:
    rows = [
        *bare_rows([20, 30], [50, 60], ["x", "y"], level=0.95),
        percentage_row(percentage("a", 45, 80, time_years=None), SURVIVAL),
    ]
    # A proportion without a time has the binomial variance that its count would have.
    counts = bare_rows([20, 30, 36], [50, 60, 80], ["x", "y", "a"], level=0.95)
    for scale in ("complementary-log-log", "logit", "log", "raw", "arcsine"):
        method = replace(SURVIVAL, scale=scale)
        mixed, counted = pool_rows(rows, method), pool_rows(counts, method)
        assert mixed.scale_estimate == pytest.approx(counted.scale_estimate, rel=1e-12)
        assert mixed.scale_se == pytest.approx(counted.scale_se, rel=1e-12)
    assert (mixed.events, mixed.events_low, mixed.total) == (None, None, 190)


def test_a_printed_standard_error_counts_and_a_printed_interval_is_drawn_as_it_is() -> None:
    row = percentage_row(percentage("a", 66.2, 75, standard_error=0.056), SURVIVAL)
    found = row_effects([row], SURVIVAL)
    # Delta method: d log(-log p) / dp = 1 / (p log p).
    assert found.v[0] == pytest.approx((0.056 / (0.662 * math.log(0.662))) ** 2)
    assert row.precision == "standard error"
    row = percentage_row(percentage("a", 43.2, 62, low=0.307, high=0.551), SURVIVAL)
    assert (row.low, row.high) == (0.307, 0.551)
    assert row.precision == "log-log, by fit to the printed digits"
    named = percentage_row(
        percentage("a", 43.2, 62, low=0.307, high=0.551, interval_scale="plain"), SURVIVAL
    )
    assert named.standard_error == pytest.approx((0.551 - 0.307) / 2 / 1.959964, rel=1e-6)


def test_a_hundred_per_cent_is_kept_with_half_a_patient_added_and_said() -> None:
    rows = [percentage_row(percentage(*each), SURVIVAL) for each in (("a", 100, 15), ("b", 90, 20))]
    answer = pool_rows(rows, SURVIVAL)
    assert any("half a patient" in note and "a" in note for note in answer.notes)
    assert rows[0].high == 1.0
    left_out = pool_rows(rows, replace(SURVIVAL, zero="none"))
    assert not left_out.typical.defined
    assert any(note.startswith("Left out") for note in left_out.notes)


def test_the_specification_curve_of_percentages_has_methods_of_its_own() -> None:
    found = made(percentage("a", 40, 50), percentage("b", 45, 60), percentage("c", 60, 60))
    curve = specification_curve(found, "survival")
    assert {each.method for each in curve.specifications} == {n for n, _ in PERCENTAGE_METHODS}
    assert all(each.estimate.defined for each in curve.specifications if each.k > 1)
    assert curve.headline[1] in {n for n, _ in PERCENTAGE_METHODS}
    steps = tk.leave_one_out(tk.pool(found, "survival"))
    assert [step.k for step in steps] == [2, 2, 2]
    subsets = tk.all_subsets(tk.pool(found, "survival"))
    assert len(subsets.members) == 4
    whole = subsets.estimate[subsets.k == 3]
    assert whole == pytest.approx([tk.pool(found, "survival").typical.estimate])


def test_percentages_that_differ_in_their_standard_error_alone_are_other_data() -> None:
    found = made(*(percentage(key, 40 + 2 * n, 50) for n, key in enumerate("abc")))
    printed = percentage("a", 40, 50, standard_error=0.05, source="secondary")
    first = found.series[0]
    first = replace(first, percentages=(*first.percentages, printed))
    told = analysis_set("told", where=(("source", ("secondary", "primary")),))
    found = replace(found, series=(first, *found.series[1:]), sets=(*found.sets, told))
    variants = {each.label: each for each in specification_curve(found, "survival").variants}
    assert variants["near"].same_as == "primary"
    assert variants["told"].same_as == ""


def test_a_percentage_outranks_a_count_where_the_outcome_has_a_time() -> None:
    found = made(percentage("a", 40, 50), percentage("b", 45, 60))
    counted = replace(found.series[0], counts=(count("a", "all", "survival", 25, 50),))
    timed = replace(found, series=(counted, found.series[1]))
    assert not tk.pool(timed, "survival").rows[0].counted
    untimed = replace(
        timed, outcomes=(replace(timed.outcomes[0], time_years=None),), series=(counted,)
    )
    assert tk.pool(untimed, "survival").rows[0].counted


def test_the_recorded_difference_is_drawn_and_the_pool_stands_with_and_without(
    trials: tk.Review,
) -> None:
    with_it = tk.pool(trials, "efs", analysis_set=AS_PRINTED)
    flagged = [row.series for row in with_it.rows if "differs" in row.flags]
    assert flagged == ["jplsg-mll10"]
    without = tk.pool(trials, "efs", analysis_set="without-mll-10")
    assert {row.series for row in with_it.rows} - {row.series for row in without.rows} == {
        "jplsg-mll10"
    }
    split = tk.pool(trials, "efs", analysis_set=AS_PRINTED, by="kmt2a")
    assert [(each.level, each.answer.k) for each in split.subgroups] == [
        ("kmt2a-r", 5),
        ("kmt2a-germline", 5),
    ]
    apart = split.differences[0]
    first, second = (each.answer.typical for each in split.subgroups)
    # Newcombe's square-and-add limits from the two intervals.
    assert apart.low == pytest.approx(
        apart.estimate - math.hypot(first.estimate - first.low, second.high - second.estimate)
    )
    assert apart.probability_positive is None


def test_sheets_and_numerics_know_the_same_scales_of_intervals() -> None:
    from toolkit.numerics.normal.precision import INTERVAL_SCALES as FITTED

    assert tuple(INTERVAL_SCALES) == FITTED


def test_an_interval_narrowed_by_series_that_agree_is_told_with_the_wider_one(
    trials: tk.Review,
) -> None:
    narrow = tk.pool(trials, "efs", analysis_set="without-mll-10")
    wide = tk.pool(
        trials,
        "efs",
        replace(SURVIVAL, interval="hartung-knapp-adhoc"),
        analysis_set="without-mll-10",
    )
    low, high = (f"{100 * limit:.0f}" for limit in (wide.typical.low, wide.typical.high))
    assert any(note.endswith(f"without that it is {low} to {high}%.") for note in narrow.notes)
    assert not any(
        "narrows" in note for note in tk.pool(trials, "efs", analysis_set=AS_PRINTED).notes
    )


def test_the_forest_prints_patients_in_place_of_counts_and_names_the_groups(
    trials: tk.Review,
) -> None:
    said = [
        text.get_text()
        for text in tk.forest(tk.pool(trials, "efs", analysis_set=AS_PRINTED, by="kmt2a")).texts
    ]
    assert "Patients" in said
    assert "Events/patients" not in said
    assert any(words.startswith("Every study: printed without interval") for words in said)
    assert "The main pool: one group of each study" in said
    assert any(words.startswith("KMT2A-rearranged minus KMT2A-germline: −") for words in said)
    assert not any("Clopper" in words for words in said)
