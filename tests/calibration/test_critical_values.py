"""Critical values: enumerated against simulated, workers, files, and the intervals they give."""

import math

import numpy as np
import pytest
from scipy.stats import binom

import toolkit as tk
from toolkit.analysis.critical_files import (
    file_name,
    find_critical_values,
    read_critical_values,
    write_critical_values,
)
from toolkit.calibration.critical_values import critical_values, headline_sizes
from toolkit.errors import ToolkitError
from toolkit.load import find_all, read
from toolkit.numerics.batches.calibrated import calibrated_intervals, critical_of_tables
from toolkit.numerics.batches.critical_values import counting, location_lattices, spreads_used

SIZES = (8, 19, 38)


@pytest.fixture(scope="module")
def enumerated():
    return critical_values(SIZES, workers=1)


def test_few_tables_are_all_counted(enumerated):
    assert enumerated.enumerated
    assert enumerated.tables == 9 * 20 * 39
    location, spread = location_lattices(SIZES)
    used = int((spread.values <= 3.6).sum())
    assert enumerated.values.shape == (2, location.count, used)
    assert used == spreads_used(counting(SIZES, seed=1).typical)


def test_a_pool_gives_what_counting_all_tables_gives(enumerated):
    """Within Monte Carlo error everywhere: most points within 2 %, none beyond 9 %."""
    pool = critical_values(SIZES, tables=60_000, workers=2)
    assert not pool.enumerated
    location, _ = location_lattices(SIZES)
    near = np.abs(location.values) < 7
    exact, found = (np.sqrt(each.values[:, near]) for each in (enumerated, pool))
    apart = np.abs(found - exact)
    assert np.quantile(apart, 0.9) < 0.03
    assert apart.max() < 0.25


def test_workers_change_nothing():
    few, more = (critical_values((5, 9, 14, 20), tables=12_000, workers=n) for n in (1, 2))
    np.testing.assert_array_equal(few.values, more.values)


def test_a_single_proportion_is_judged_by_its_own_law(enumerated):
    """Without spread the tables are binomial draws: each ratio's law is that of three of them."""
    location, spread = location_lattices(SIZES)
    place = int(np.abs(location.values + 1.5).argmin())
    p = 1 / (1 + math.exp(-location.values[place]))
    assert spread.values[0] == 0.0
    total = np.array(SIZES)
    grids = np.meshgrid(*(np.arange(n + 1) for n in SIZES), indexing="ij")
    events = np.stack([grid.reshape(-1) for grid in grids], axis=1)
    chance = binom.pmf(events, total, p).prod(axis=1)
    likely = chance > 1e-7
    events, chance = events[likely], chance[likely]
    from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
    from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu

    fit = fit_ml(events, events, total)
    fitted = fit.status == FitStatus.FITTED
    assert chance[fitted].sum() > 0.99
    # A table is within the critical value exactly when its interval at that loss holds the point.
    allowed = float(enumerated.of("typical")[place, 0])
    from scipy.special import chdtr

    level = float(chdtr(1, allowed * 1.02))
    events, chance = events[fitted], chance[fitted]
    some = np.argsort(chance)[-1500:]
    events, chance = events[some], chance[some]
    part = fit_ml(events, events, total)
    low, high = profile_interval_mu(part, events, events, total, level=level)
    held = (low <= location.values[place]) & (location.values[place] <= high)
    assert chance[held].sum() / chance.sum() > 0.94


def test_files_come_back_as_they_were_written(tmp_path, enumerated):
    path = write_critical_values(tmp_path / "critical-values", enumerated)
    assert path.name == "8-19-38_95.npz" == file_name((38, 8, 19), 0.95)
    back = read_critical_values(path)
    assert (back.sizes, back.level, back.seed) == (SIZES, 0.95, enumerated.seed)
    np.testing.assert_allclose(back.values, enumerated.values, rtol=1e-12)
    assert path.stat().st_size < 30_000


def test_a_file_of_something_else_is_named(tmp_path):
    path = tmp_path / "8-19-38_95.npz"
    path.write_bytes(b"not an archive")
    with pytest.raises(ToolkitError, match=r"8-19-38_95.npz does not hold critical values"):
        read_critical_values(path)


@pytest.mark.parametrize(
    ("sizes", "words"), [((8, 19), "three|3 series"), ((8, 19, 900), "900"), ((0, 5, 5), "0 to 5")]
)
def test_sizes_that_cannot_be_counted_are_refused(sizes, words):
    with pytest.raises(ToolkitError, match=words):
        critical_values(sizes)


def test_the_likely_spreads_decide():
    """One location, four spreads, the last beyond those with critical values."""
    rows = np.array([[-3.0, -1.0, -1.2, -9.0]])
    critical = np.array([[9.0, 4.0, 5.0]])
    found = critical_of_tables(rows, np.array([-1.0]), critical)
    # Spread 2 is likely; half way (0.537 of 2.0 lost) towards spread 0 is its edge.
    share = (2 * 2.0 - 1.0742) / 4.0
    assert found[0] == pytest.approx(max(5.0, 9.0 + share * (4.0 - 9.0)), abs=1e-3)
    far = critical_of_tables(np.array([[-9.0, -8.0, -5.0, -1.0]]), np.array([-1.0]), critical)
    assert far[0] == pytest.approx(5.0)


def test_tables_without_events_have_intervals_with_one_end(enumerated):
    none, total = [0, 0, 0], list(SIZES)
    (low, high), (average_low, average_high) = calibrated_intervals(none, none, total, enumerated)
    assert low == average_low == 0.0
    # Whatever is one study's is all's without spread: that bound must stay inside.
    assert min(high, average_high) > 1 - 0.05 ** (1 / 65)
    # Where studies differ without limit, one in eight reviews with a median study of a half has
    # three studies without an event: no interval that covers 95% may leave a half out.
    assert high > 0.5
    # A mean of a half is as good as never met there: half of the patients would have the event.
    assert average_high < 0.6
    full = calibrated_intervals(total, total, total, enumerated)
    np.testing.assert_allclose(full[0], [1 - high, 1.0], atol=1e-9)


def test_the_order_of_series_and_the_mirror_change_nothing(enumerated):
    one = calibrated_intervals([2, 3, 10], [2, 3, 10], SIZES, enumerated)
    other = calibrated_intervals([10, 2, 3], [10, 2, 3], [38, 8, 19], enumerated)
    np.testing.assert_allclose(one, other, atol=1e-12)
    mirror = calibrated_intervals([6, 16, 28], [6, 16, 28], SIZES, enumerated)
    np.testing.assert_allclose(one, 1 - mirror[:, ::-1], atol=1e-6)


def test_open_cells_widen(enumerated):
    closed = calibrated_intervals([2, 3, 10], [2, 3, 10], SIZES, enumerated)
    opened = calibrated_intervals([2, 3, 8], [2, 3, 12], SIZES, enumerated)
    assert (opened[:, 1] - opened[:, 0] > closed[:, 1] - closed[:, 0]).all()


def test_without_a_stored_file_the_answer_says_so():
    method = tk.Method(interval="profile-calibrated")
    assert find_critical_values([7, 11, 13], 0.95) is None
    answer = tk.pool_counts([2, 3, 5], [7, 11, 13], method=method)
    corrected = tk.pool_counts([2, 3, 5], [7, 11, 13])
    assert answer.typical == corrected.typical
    assert answer.average == corrected.average
    assert any("Bartlett" in note and "critical values" in note for note in answer.notes)


@pytest.mark.parametrize("folder", find_all(), ids=lambda path: path.name)
def test_the_headlines_of_every_review_have_files(folder):
    for _, sizes in headline_sizes(read(folder)):
        stored = find_critical_values(sizes, 0.95)
        assert stored is not None, f"toolkit calibrate {folder.name} --critical-values"
        assert stored.values.sizes == sizes
        again = critical_values(sizes, tables=30_000, workers=2)
        location, _ = location_lattices(sizes)
        near = np.abs(location.values) < 4
        apart = np.sqrt(stored.values.values[:, near]) - np.sqrt(again.values[:, near])
        assert np.quantile(np.abs(apart), 0.9) < 0.08
        answer = tk.pool_counts(
            [n // 3 for n in sizes], sizes, method=tk.Method(interval="profile-calibrated")
        )
        assert not answer.notes
