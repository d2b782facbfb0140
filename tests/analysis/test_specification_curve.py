"""Every combination of data and method: each against a direct call, each told once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

import toolkit as tk
from tests.made_review import analysis_set, count, group, outcome, review, series
from toolkit.analysis.specification_curve import PROTOCOL_METHOD, specification_curve
from toolkit.errors import ChoiceError, ToolkitError
from toolkit.results.curve import SpecificationCurve
from toolkit.results.synthesis import Estimate
from toolkit.review.method import SENSITIVITY_METHODS, Method
from toolkit.review.order import READINGS
from toolkit.review.review import Review
from toolkit.review.series import AppraisalItem

EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
LABELS = ["Winters", "Karol", "Leblanc", "Niswander", "Arcourt"]
FIGURES = {  # metafor 5.1-12 and dense quadrature, all five series
    "Maximum likelihood, t(k-1)": (0.4143, 0.1753, 0.7018),
    "Bayes, half-normal(1.0)": (0.4217, 0.2188, 0.6722),
    "Bayes, half-normal(0.5)": (0.4153, 0.2520, 0.6119),
    "Bayes, half-normal(2.0)": (0.4258, 0.1939, 0.7174),
    "Maximum likelihood, profile": (0.4143, 0.1970, 0.6837),
    "Beta-binomial, profile": (0.4255, 0.2496, 0.6403),
    # Hartung and Knapp scale up here, so that the ad hoc interval is theirs.
    "Logit, REML, ad hoc Hartung-Knapp": (0.4176, 0.1546, 0.7376),
    "Arcsine, REML, ad hoc Hartung-Knapp": (0.4212, 0.1379, 0.7369),
    "Double arcsine, DL, Wald (legacy)": (0.4155, 0.2231, 0.6210),
    "Pooled counts": (0.3953, 0.3104, 0.4852),
}
METHODS = dict(SENSITIVITY_METHODS)


def made(*sets: object, **changes: object) -> Review:
    """Return the five series; Arcourt is the one with the regimen `ac` and an appraisal."""
    several = [
        series(
            label.lower(),
            [group("all", n, regimen="ab" if n < 38 else "ac", stage="")],
            [count(label.lower(), "all", "crc", x, n)],
        )
        for label, x, n in zip(LABELS, EVENTS, TOTAL, strict=True)
    ]
    items = (("1", "yes"), ("4", "unclear"))
    judged = tuple(AppraisalItem(item=i, judgement=j, ground="So.", where="") for i, j in items)
    several[-1] = replace(several[-1], appraisal=judged)
    return review(several, [analysis_set("all"), *sets], [outcome("crc", **changes)])


@pytest.fixture(scope="module")
def curve() -> SpecificationCurve:
    return specification_curve(
        made(
            analysis_set("same"),
            analysis_set("ab", where=(("regimen", ("ab",)),)),
            analysis_set("ac", where=(("regimen", ("ac",)),)),
            analysis_set("nobody", where=(("regimen", ("other",)),)),
            analysis_set("sound", judged_yes=("1", "4")),
            analysis_set("elsewhere", role="context", where=(("regimen", ("ab",)),)),
        ),
        "crc",
    )


def test_every_combination_stands_once_and_the_published_figures_come_out(
    curve: SpecificationCurve,
) -> None:
    data = list(dict.fromkeys(each.data for each in curve.specifications))
    assert data == ["all", "ab", "ac", *[f"without {label}" for label in LABELS[:-1]]]
    places = {(each.data, each.method) for each in curve.specifications}
    assert len(places) == len(curve.specifications) == 10 * len(data)
    assert FIGURES.keys() == METHODS.keys()
    for name, figure in FIGURES.items():
        found = curve.at("all", name)
        assert found is not None
        shown = (found.estimate.estimate, found.estimate.low, found.estimate.high)
        assert shown == pytest.approx(figure, abs=5e-5)
        assert found.estimand == ("average" if name.startswith("Beta") else "typical")


def test_what_coincides_or_selects_nothing_is_told(curve: SpecificationCurve) -> None:
    told = {each.label: each for each in curve.variants}
    assert told["same"].same_as == "all"
    assert told["without Arcourt"].same_as == "ab"
    assert told["nobody"].reason == "Series report it, but none with regimen: OTHER."
    assert told["sound"].reason == (
        "Of the 5 series that report it none is appraised as meeting items 1, 4 (falling short of "
        "it: Arcourt; not appraised yet: 4)."
    )
    assert (told["ab"].k, told["ab"].total) == (4, 91)
    assert "elsewhere" not in told
    assert curve.contexts == ("elsewhere",)
    same = curve.at("without Arcourt", "Pooled counts")
    assert same is not None
    assert same.data == "ab"
    one = curve.at("ac", "Maximum likelihood, t(k-1)")
    assert one is not None
    assert not one.estimate.defined
    assert one.note == "One study: not pooled."


def test_choices_that_share_a_label_are_told_apart() -> None:
    first = analysis_set("ab", where=(("regimen", ("ab",)),))
    second = analysis_set("ac", where=(("regimen", ("ab", "ac")), ("series", ("karol", "arcourt"))))
    found = made(first, replace(second, label=first.label))
    named = replace(found.series[1], label=found.series[0].label)
    found = replace(found, series=(found.series[0], named, *found.series[2:]))
    curve = specification_curve(found, "crc")
    told = {each.label: each.k for each in curve.variants}
    assert len(told) == len(curve.variants) == 8
    assert (told["ab"], told["ab (ac)"]) == (4, 2)
    assert "without Winters (karol)" in told
    counts = curve.at("ab (ac)", "Pooled counts")
    assert counts is not None
    assert counts.estimate.estimate == pytest.approx(13 / 57)


def test_a_series_appraised_well_enough_enters() -> None:
    found = specification_curve(made(analysis_set("sound", judged_yes=("1",))), "crc")
    assert {each.label: each.k for each in found.variants}["sound"] == 1
    apart = made(analysis_set("sound", judged_yes=("1",)))
    judged = tuple(
        AppraisalItem(item=item, judgement=word, ground="So.", where="")
        for item, word in (("1", "not_applicable"), ("2", "yes"))
    )
    first = replace(apart.series[0], appraisal=judged)
    both = replace(apart, series=(first, *apart.series[1:]))
    found = specification_curve(both, "crc")
    assert {each.label: each.k for each in found.variants}["sound"] == 2


def test_a_wider_outcome_is_counted_where_a_set_asks_for_it_and_a_series_reports_it() -> None:
    found = made(analysis_set("wider", construct="wider"), wider=("more",))
    first = found.series[0]
    counts = (*first.counts, count(first.key, "all", "more", 7, 8))
    found = replace(found, series=(replace(first, counts=counts), *found.series[1:]))
    answer = tk.pool(found, "crc", analysis_set="wider")
    assert [row.events for row in answer.rows] == [7, 3, 18, 14, 10]
    assert [row.events for row in tk.pool(found, "crc").rows] == EVENTS
    told = {each.label: each for each in tk.specification_curve(found, "crc").variants}
    assert told["wider"].same_as == ""


def test_the_frame_has_a_row_for_every_combination(curve: SpecificationCurve) -> None:
    table = tk.frame(curve)
    assert len(table) == len(curve.specifications)
    assert list(table.columns) == list(curve.to_dict()["specifications"][0])
    assert table.loc[table["headline"], ["data", "method"]].to_numpy().tolist() == [
        ["all", "Maximum likelihood, t(k-1)"]
    ]
    beta = table[(table["data"] == "all") & (table["method"] == "Beta-binomial, profile")]
    assert beta["estimate"].to_numpy() == pytest.approx([0.4255], abs=5e-5)


def test_a_headline_of_its_own_stands_first_among_the_methods() -> None:
    own = Method(model="inverse-variance", scale="log", interval="hartung-knapp")
    found = specification_curve(made(method=own), "crc")
    assert found.headline == ("all", PROTOCOL_METHOD)
    assert len(found.methods) == 11
    led = found.at(*found.headline)
    assert led is not None
    direct = tk.pool_counts(EVENTS, TOTAL, method=own)
    assert led.estimate.estimate == pytest.approx(direct.typical.estimate, rel=1e-12)


def test_the_estimand_is_the_one_the_protocol_leads_with_where_the_method_has_it() -> None:
    found = specification_curve(made(method=Method(fit="bayes"), estimand="average"), "crc")
    by_name = {each.method: each for each in found.specifications if each.data == "all"}
    # Dense quadrature: the average over centres of all five.
    assert by_name["Bayes, half-normal(1.0)"].estimate.estimate == pytest.approx(0.4340, abs=5e-5)
    assert by_name["Logit, REML, ad hoc Hartung-Knapp"].estimand == "typical"
    assert by_name["Beta-binomial, profile"].estimand == "average"
    method = next(each for each in found.factors if each.key == "method")
    # Both Bayes rows beside the headline, both rows of maximum likelihood, beta-binomial, counts.
    assert method.levels == 7


def test_the_range_of_a_factor_leaves_the_others_at_the_headline(curve: SpecificationCurve) -> None:
    factors = {each.key: each for each in curve.factors}
    lowest, highest = factors["method"].lowest, factors["method"].highest
    assert lowest is not None
    assert highest is not None
    assert (lowest.method, highest.method) == ("Pooled counts", "Bayes, half-normal(2.0)")
    assert {lowest.data, highest.data} == {"all"}
    # The beta-binomial model gives the average alone, so eight methods stand beside the headline.
    assert factors["method"].levels == 9
    assert factors["set"].levels == 2
    # Data that coincide with a set are compared under their own name as well.
    assert factors["without"].levels == 6
    assert [each.span for each in curve.factors] == sorted(
        (each.span for each in curve.factors), reverse=True
    )


def test_shares_are_those_of_anova(curve: SpecificationCurve) -> None:
    from scipy.special import logit
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    table = tk.frame(curve)
    table = table[(table["estimand"] == "typical") & table["estimate"].notna()]
    table = table.assign(y=logit(table["estimate"]))
    both = ols("y ~ C(data) + C(method)", table).fit()
    found = anova_lm(both, typ=2)["sum_sq"]
    total = ((table["y"] - table["y"].mean()) ** 2).sum()
    shares = {each.key: each.share for each in curve.factors}
    assert shares["method"] == pytest.approx(found["C(method)"] / total, rel=1e-8)
    assert shares["set"] + shares["without"] == pytest.approx(found["C(data)"] / total, rel=1e-8)
    added = (both.fittedvalues - ols("y ~ C(method)", table).fit().fittedvalues) ** 2
    assert shares["without"] == pytest.approx(
        added[table["kind"] == "without"].sum() / total, rel=1e-8
    )
    assert curve.interplay == pytest.approx(found["Residual"] / total, rel=1e-8)
    assert curve.compared == len(table)


def test_shares_are_those_of_the_mirror_image() -> None:
    # Double arcsines of series without any event come back as 1e-33: no logit to compare.
    curves = []
    for events in ([0, 0, 0], TOTAL[:3]):
        alone = made(method=Method(fit="bayes"))
        several = [
            series(each.key, each.groups, [count(each.key, "all", "crc", x, n)])
            for each, x, n in zip(alone.series, events, TOTAL, strict=False)
        ]
        curves.append(specification_curve(replace(alone, series=tuple(several)), "crc"))
    zero, full = ({each.key: each.share for each in curve.factors} for curve in curves)
    assert curves[0].compared == curves[1].compared == 16
    for key, share in zero.items():
        assert share == pytest.approx(full[key], abs=1e-6), key


def test_nothing_is_shared_out_where_nothing_is_pooled() -> None:
    alone = made()
    found = specification_curve(replace(alone, series=alone.series[:1]), "crc")
    assert found.interplay is None
    assert [each.share for each in found.factors] == [None, None, None]
    assert [each.levels for each in found.factors] == [0, 0, 0]
    assert {each.reason for each in found.variants} == {"", "No other study reports it."}
    with pytest.raises(ChoiceError, match="crc"):
        specification_curve(alone, "crcc")


def direct(found: Review, data: str, method: str, lead: str) -> tuple[Estimate, str]:
    """Return what a combination gives when it is asked for alone, and the refusal if it is one."""
    asked = METHODS[method]
    named = {each.label: each.key for each in found.sets}
    try:
        if data in READINGS:
            answer = tk.pool(found, "crc", asked, reading=data)
        elif data in named:
            # A set is read as the protocol reads it, whatever the method.
            asks = tk.pool(found, "crc", analysis_set=named[data]).reading
            reading = None if asks == "ladder" else asks
            answer = tk.pool(found, "crc", asked, analysis_set=named[data], reading=reading)
        else:
            kept = tuple(each for each in found.series if data != f"without {each.label}")
            assert len(kept) == len(found.series) - 1
            answer = tk.pool(replace(found, series=kept), "crc", asked)
    except ToolkitError as refused:
        return Estimate(), str(refused)
    first, second = answer.typical, answer.average
    if lead == "average":
        first, second = second, first
    return (first if first.defined else second), " ".join(answer.notes)


def test_thirty_combinations_of_the_flagship_review_are_those_of_direct_calls() -> None:
    found = tk.read("extractions/ped-venaza")
    curve = tk.specification_curve(found, "crc")
    # Ten methods of three sets and two readings, and the ladder of every other set and series.
    assert len(curve.specifications) >= 60
    sample = random.Random(20260101).sample(curve.specifications, 30)
    refused = [s for s in curve.specifications if "needs one number in every cell" in s.note]
    assert refused
    for each in [*sample, refused[0]]:
        estimate, note = direct(found, each.data, each.method, curve.lead)
        assert each.estimate.defined == estimate.defined, each
        if estimate.defined:
            shown = (each.estimate.estimate, each.estimate.low, each.estimate.high)
            wanted = (estimate.estimate, estimate.low, estimate.high)
            # A series less is pooled as bare numbers: equal but for the order of additions.
            assert shown == pytest.approx(wanted, rel=1e-9), each
        else:
            # What the curve says of a combination, a pool says after why it is read so.
            assert note.endswith(each.note)
            assert each.note
