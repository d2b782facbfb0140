"""What a selection leaves out is said, and the sum of disjoint parts is offered."""

from __future__ import annotations

import pytest

import toolkit as tk
from tests.made_review import analysis_set, count, group, outcome, review, series

CRC = outcome("crc")
PLAIN = [
    series(name, [group("all", total)], [count(name, "all", "crc", events, total)])
    for name, events, total in (("one", 1, 10), ("two", 2, 8), ("three", 5, 25))
]


def with_parts(patients: int | None = 79, **second: object):
    groups = [
        group("all", patients),
        group("arm-1", 30, "all"),
        group("arm-2", 49, "all", **second),
    ]
    counts = [
        count("parts", "arm-1", "crc", 4, 30),
        count("parts", "arm-2", "crc", 7, 49),
    ]
    return review([series("parts", groups, counts), *PLAIN], [analysis_set("one")], [CRC])


STUDENT = tk.Method(interval="t")
WALD = tk.Method(model="inverse-variance", interval="wald")


def test_patients_of_another_group_are_not_lost_without_a_word():
    answer = tk.pool(with_parts(), "crc", STUDENT)
    assert (answer.k, answer.total) == (4, 92)
    assert answer.typical.estimate == pytest.approx(0.163, abs=5e-4)
    (note,) = [note for note in answer.notes if "left out" in note]
    assert "4/30" in note
    assert "11/79, all patients of the study" in note
    (left,) = answer.left_out
    assert (left.number, left.why, left.loses_patients) == ("4/30", "other-patients", True)
    assert answer.to_dict()["left_out"][0]["number"] == "4/30"


def test_the_sum_of_complete_parts_can_be_pooled():
    answer = tk.pool(with_parts(), "crc", STUDENT, groups="sum")
    assert answer.total == 122
    found = answer.typical
    # 11/79 beside 1/10, 2/8, 5/25 in rma.glmm with test="t".
    assert (found.estimate, found.low, found.high) == pytest.approx((0.156, 0.077, 0.290), abs=5e-4)
    assert answer.left_out == ()
    assert any("sum of arm-1 + arm-2" in note for note in answer.notes)


def test_a_random_effect_of_the_series_can_be_pooled():
    answer = tk.pool(with_parts(), "crc", WALD, groups="three-level")
    assert answer.k == 5
    found = answer.typical
    # rma.mv(yi, vi, random = ~ 1 | study/arm), REML.
    assert (found.estimate, found.low, found.high) == pytest.approx((0.159, 0.104, 0.236), abs=5e-4)
    assert {row.label for row in answer.rows} >= {"Parts, arm-1", "Parts, arm-2"}


def test_parts_that_are_not_all_patients_are_not_called_so():
    answer = tk.pool(with_parts(patients=100), "crc", STUDENT)
    (note,) = [note for note in answer.notes if "left out" in note]
    assert "still not all of its patients" in note


def test_other_windows_denominators_and_groups_of_the_same_patients_are_listed_with_their_reason():
    groups = [group("all", 30), group("young", 12, "all")]
    counts = [
        count("rich", "all", "crc", 6, 30),
        count("rich", "all", "crc", 5, 30, window="first"),
        count("rich", "all", "crc", 6, 28, denominator="response_evaluable"),
        count("rich", "young", "crc", 3, 12),
    ]
    made = review([series("rich", groups, counts), *PLAIN], [analysis_set("one")], [CRC])
    answer = tk.pool(made, "crc", STUDENT)
    assert {(each.number, each.why) for each in answer.left_out} == {
        ("5/30", "window"),
        ("6/28", "denominator"),
        ("3/12", "part"),
    }
    assert not any(each.loses_patients for each in answer.left_out)
    from toolkit.results.lines import in_words

    text = in_words(answer)
    for number in ("5/30", "6/28", "3/12"):
        assert number in text


@pytest.mark.parametrize("groups", ["both", "separate"])
def test_an_unknown_word_for_groups_is_refused(groups):
    with pytest.raises(tk.ChoiceError):
        tk.pool(with_parts(), "crc", groups=groups)
