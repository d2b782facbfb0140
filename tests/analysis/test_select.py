"""Which count of a series is pooled: nearest to the question, and never a patient twice."""

from tests.made_review import analysis_set, count, group, outcome, review, series
from toolkit.analysis.pool import pool
from toolkit.analysis.select import select, select_levels
from toolkit.analysis.synthesize import TWO_SERIES_BY_PROTOCOL

CR = outcome("cr", components=())
CRC = outcome("crc", nearest=("orr",))
NESTED = series(
    "nested",
    [
        group("all", 30, regimen="ac", stage=""),
        group("ab", 20, "all", regimen="ab", stage=""),
        group("early", 8, "ab", regimen="ab", stage="early"),
        group("late", 12, "ab", regimen="ab", stage="late"),
    ],
    [
        count("nested", "all", "crc", 12, 30),
        count("nested", "ab", "crc", 9, 20),
        count("nested", "ab", "crc", 9, 18, denominator="response_evaluable"),
        count("nested", "ab", "crc", 10, 20, status="alternative"),
        count("nested", "early", "crc", 5, 8),
        count("nested", "late", "crc", 4, 12),
        count("nested", "all", "orr", 15, 30),
    ],
)
PLAIN = series(
    "plain",
    [group("all", 10, regimen="ab", stage="late")],
    [count("plain", "all", "orr", 6, 10, source="nested")],
    year=2020,
)
OTHER = series(
    "other", [group("all", 9, regimen="other", stage="")], [count("other", "all", "crc", 1, 9)]
)


def chosen(where=(), **changes):
    made = analysis_set("one", where=where, **changes)
    several = review([NESTED, PLAIN, OTHER], [made], [CR, CRC])
    return [
        (each.series.key, each.group.key, each.number.events_low, each.number.total)
        for each in select(several, CRC, made)
    ]


def test_without_a_filter_the_largest_group_and_the_exact_construct_win():
    assert chosen() == [("nested", "all", 12, 30), ("plain", "all", 6, 10), ("other", "all", 1, 9)]


def test_the_order_of_a_filter_is_an_order_of_preference():
    assert chosen((("regimen", ("ab", "ac")),)) == [
        ("nested", "ab", 9, 20),
        ("plain", "all", 6, 10),
    ]
    assert chosen((("regimen", ("ac", "ab")),))[0] == ("nested", "all", 12, 30)


def test_a_stand_in_construct_is_taken_only_where_the_set_allows_it():
    assert ("plain", "all", 6, 10) not in chosen(construct="exact")


def test_a_filter_on_denominators_and_sources():
    evaluable = chosen(
        (("regimen", ("ab",)), ("denominator", ("response_evaluable", "all_treated")))
    )
    assert evaluable == [("nested", "ab", 9, 18), ("plain", "all", 6, 10)]
    assert [key for key, *_ in chosen((("source", ("primary",)),))] == ["nested", "other"]


def test_the_other_reading_of_a_cell_enters_only_where_the_set_asks_for_it():
    where = (("regimen", ("ab",)),)
    assert chosen(where, alternatives=True)[0] == ("nested", "ab", 10, 20)
    assert chosen(where)[0] == ("nested", "ab", 9, 20)


def test_levels_count_no_patient_twice():
    made = analysis_set("one")
    several = review([NESTED, PLAIN, OTHER], [made], [CRC])
    levels = {
        word: [(each.series.key, each.group.key) for each in level]
        for word, level in select_levels(several, CRC, made, "stage")
    }
    assert levels == {
        "early": [("nested", "early")],
        "late": [("nested", "late"), ("plain", "all")],
    }
    by_regimen = dict(select_levels(several, CRC, made, "regimen"))
    assert [(each.series.key, each.group.key) for each in by_regimen["ab"]] == [
        ("nested", "ab"),
        ("plain", "all"),
    ]
    assert "ac" not in by_regimen  # "all" holds "ab", which is used


def test_rows_carry_their_flags_and_subgroups_their_difference():
    made = analysis_set("one")
    answer = pool(review([NESTED, PLAIN, OTHER], [made], [CRC]), "crc", by="stage")
    flags = {row.series: row.flags for row in answer.rows}
    assert flags == {
        "nested": ("single",),
        "plain": ("secondary", "single", "nearest"),
        "other": ("single",),
    }
    assert [row.year for row in answer.rows] == [None, 2020, None]
    assert [subgroup.level for subgroup in answer.subgroups] == ["early", "late"]
    assert [subgroup.answer.k for subgroup in answer.subgroups] == [1, 2]
    assert answer.differences == ()  # one of the two levels has a single series


def test_two_series_use_the_bayesian_fit_by_protocol_and_say_so():
    made = analysis_set("one", where=(("regimen", ("ab",)),))
    answer = pool(review([NESTED, PLAIN], [made], [CRC]), "crc")
    assert answer.method.fit == "bayes"
    assert TWO_SERIES_BY_PROTOCOL in answer.notes
    assert answer.typical.defined
    assert answer.thresholds[0].threshold == 0.3
    assert answer.next_patients.patients == 20
