import pytest

from toolkit.analysis.bounds import (
    GRADES_CONTAIN,
    WORST_GRADES,
    KnownCount,
    contradictions,
    count_bounds,
    order_relation,
)
from toolkit.analysis.reporting_threshold import ReportingThreshold
from toolkit.errors import ChoiceError, ToolkitError

CONTAINS = {
    "response": ["remission", "partial"],
    "remission": ["complete", "incomplete", "deep"],
    "death": ["treatment-death"],
}


def known(*counts):
    return [
        KnownCount(key=f"line {i}", outcome=outcome, low=low, high=high)
        for i, (outcome, low, high) in enumerate(counts, start=2)
    ]


def ends(bound):
    return bound.low, bound.high


def test_a_count_bounds_what_contains_it_and_what_it_contains():
    found = count_bounds(order_relation(CONTAINS), known(("response", 3, 3)), 19)
    assert ends(found["remission"]) == (0, 3)
    assert found["remission"].high_from == ("line 2",)
    assert found["remission"].low_from == ()
    assert ends(found["death"]) == (0, 19)
    found = count_bounds(order_relation(CONTAINS), known(("deep", 14, 14)), 37)
    assert ends(found["remission"]) == ends(found["response"]) == (14, 37)
    assert found["response"].low_from == ("line 2",)
    assert found["response"].high_from == ()


def test_the_largest_part_and_the_smallest_whole_decide():
    counts = known(("complete", 4, 4), ("incomplete", 3, 3), ("deep", 5, 8), ("response", 17, 17))
    found = count_bounds(order_relation(CONTAINS), counts, 38)
    assert ends(found["remission"]) == (5, 17)
    assert found["remission"].low_from == ("line 4",)
    apart = order_relation(CONTAINS, disjoint=[("complete", "incomplete")])
    found = count_bounds(apart, counts, 38)
    assert ends(found["remission"]) == (7, 17)
    assert found["remission"].low_from == ("line 2", "line 3")
    assert ends(found["partial"]) == (0, 17)


def test_what_shares_no_patient_takes_room_from_each_other():
    relation = order_relation({"any": ["four", "five"]}, disjoint=[("four", "five")])
    found = count_bounds(relation, known(("any", 9, 9), ("five", 2, 2)), 30)
    assert ends(found["four"]) == (0, 7)
    assert found["four"].high_from == ("line 2", "line 3")
    with pytest.raises(ToolkitError, match="share no patient"):
        count_bounds(relation, known(("any", 9, 9), ("five", 5, 5), ("four", 6, 6)), 30)


def test_grades_of_harm():
    counts = known(("4", 3, 3), ("5", 2, 2))
    cautious = count_bounds(order_relation(GRADES_CONTAIN), counts, 20)
    assert ends(cautious["ge3"]) == ends(cautious["any"]) == (3, 20)
    worst = count_bounds(order_relation(GRADES_CONTAIN, disjoint=WORST_GRADES), counts, 20)
    assert ends(worst["ge3"]) == (5, 20)
    listed = count_bounds(order_relation(GRADES_CONTAIN), known(("any", 11, 11)), 20)
    assert ends(listed["ge3"]) == ends(listed["4"]) == (0, 11)


def test_declared_equivalence():
    relation = order_relation(CONTAINS, same_as={"cure": "remission"})
    found = count_bounds(relation, known(("cure", 6, 6)), 8)
    assert found["remission"] == found["cure"]
    assert found["remission"].exact
    assert ends(found["response"]) == (6, 8)


def test_contradictions_are_found_and_never_pooled():
    relation = order_relation(CONTAINS)
    counts = known(("response", 3, 3), ("deep", 5, 5))
    (found,) = contradictions(relation, counts)
    assert (found.part.key, found.whole.key) == ("line 3", "line 2")
    with pytest.raises(ToolkitError, match=r"deep is at least 5, but response, .* at most 3"):
        count_bounds(relation, counts, 20)
    assert contradictions(relation, known(("remission", 3, 3), ("remission", 4, 4)))


def test_circles_and_unknown_words():
    with pytest.raises(ToolkitError, match="in a circle"):
        order_relation({"a": ["b"], "b": ["c"], "c": ["a"]})
    with pytest.raises(ToolkitError, match="in a circle"):
        order_relation({"a": ["b"]}, same_as={"b": "a"})
    with pytest.raises(ChoiceError, match='Did you mean "remission"'):
        order_relation({"response": ["remision"]}, known=["response", "remission"])
    with pytest.raises(ToolkitError, match="name the last one"):
        order_relation({}, same_as={"a": "b", "b": "c"})


@pytest.mark.parametrize(
    ("rule", "value", "unit", "total", "most"),
    [
        ("at-least", "10", "percent", 38, 3),  # 3.8: four patients would be listed
        ("at-least", "10", "percent", 40, 3),  # 4 of 40 are 10% and would be listed
        ("more-than", "5", "percent", 38, 1),
        ("more-than", "5", "percent", 40, 2),  # 2 of 40 are 5%, and not more
        ("at-least", "2", "count", 38, 1),
        ("more-than", "2", "count", 38, 2),
        ("at-least", "0", "percent", 38, 0),
        ("more-than", "0", "percent", 38, 0),
        ("more-than", "50", "count", 38, 38),
        ("at-least", "7.1", "percent", 1000, 70),  # exactly 71 would be listed
    ],
)
def test_what_a_report_leaves_out(rule, value, unit, total, most):
    assert ReportingThreshold(rule=rule, value=value, unit=unit).unlisted(total) == (0, most)


def test_what_is_no_threshold():
    with pytest.raises(ChoiceError, match="rule"):
        ReportingThreshold(rule="atleast", value="10", unit="percent")
    with pytest.raises(ToolkitError, match="printed number alone"):
        ReportingThreshold(rule="at-least", value="10%", unit="percent")
    with pytest.raises(ToolkitError, match="is not a threshold"):
        ReportingThreshold(rule="at-least", value="110", unit="percent")
