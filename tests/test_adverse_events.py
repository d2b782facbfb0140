"""Events that a report left out under its cut-off pull the pool down, on invented arms."""

import pytest

from benchmarks.adverse_events import ArmEvent, pool_event, read_arms

TABLE = """trial,drug,target,cancer,total,outcome,grade,events,cutoff,status
1,A,T,C,40,Rash,any,9,3,reported
2,A,T,C,55,Rash,any,12,5,reported
3,A,T,C,30,Rash,any,8,2,reported
4,A,T,C,62,Rash,any,10,6,reported
5,A,T,C,50,Rash,any,,4,not_reported
6,A,T,C,45,Rash,any,,0,not_reported
1,A,T,C,40,Rash,ge3,1,3,reported
"""


@pytest.fixture
def arms(tmp_path):
    path = tmp_path / "arms.csv"
    path.write_text(TABLE)
    return read_arms(path, "Rash", "any")


def test_arms_are_read_as_they_stand(arms):
    assert len(arms) == 6
    assert arms[0] == ArmEvent(total=40, events=9, cutoff=3)
    assert arms[4] == ArmEvent(total=50, events=None, cutoff=4)


@pytest.mark.parametrize("nothing_below_0", [False, True])
def test_the_aware_pool_lies_below_the_naive_one(arms, nothing_below_0):
    naive = pool_event(arms, aware=False, nothing_below_0=nothing_below_0)
    aware = pool_event(arms, aware=True, nothing_below_0=nothing_below_0)
    assert aware.arms == naive.arms + 1
    assert aware.average.estimate < naive.average.estimate
    assert aware.typical.estimate < naive.typical.estimate


def test_without_a_positive_cut_off_both_are_the_same(arms):
    listed = [arm for arm in arms if not (arm.events is None and arm.cutoff)]
    naive = pool_event(listed, aware=False, nothing_below_0=True)
    assert pool_event(listed, aware=True, nothing_below_0=True) == naive
    assert naive.unlisted == 1
    without = pool_event(listed, aware=True, nothing_below_0=False)
    assert without.unlisted == 0
    assert naive.average.estimate < without.average.estimate
