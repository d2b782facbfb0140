"""Simulated coverage: every interval against a pool of its own table, the counting, the seeds."""

import math

import joblib
import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit, logit

import toolkit as tk
from toolkit.analysis.cache import kept_in
from toolkit.analysis.critical_files import find_critical_values
from toolkit.calibration.intervals import (
    ARCSINE_AD_HOC,
    BARTLETT,
    BETA_BINOMIAL,
    CALIBRATED,
    FREEMAN_TUKEY,
    LOGIT,
    LOGIT_AD_HOC,
    POOLED,
    PROFILE,
    STUDENT,
    TAU_SCALES,
    WALD,
    bayes,
    intervals,
    kernels,
)
from toolkit.calibration.simulation import (
    CHUNK,
    Design,
    Work,
    beta_binomial,
    draw_tables,
    logit_normal,
    simulate,
)

EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
TABLES = np.array(
    [EVENTS, [0, 1, 0, 5, 9], [8, 19, 20, 37, 30], [1, 0, 0, 0, 1], [3, 7, 11, 15, 16]]
)

# Each interval, and the pool that gives the same one for a single table.
POOLS = {
    POOLED: ({"model": "pooled-counts", "interval": "clopper-pearson"}, "typical", 1e-9),
    FREEMAN_TUKEY: (
        {"model": "inverse-variance", "scale": "double-arcsine", "tau2": "dl", "interval": "wald"},
        "typical",
        1e-9,
    ),
    LOGIT: ({"model": "inverse-variance", "interval": "hartung-knapp"}, "typical", 1e-9),
    LOGIT_AD_HOC: (
        {"model": "inverse-variance", "interval": "hartung-knapp-adhoc"},
        "typical",
        1e-9,
    ),
    ARCSINE_AD_HOC: (
        {"model": "inverse-variance", "scale": "arcsine", "interval": "hartung-knapp-adhoc"},
        "typical",
        1e-9,
    ),
    WALD: ({"interval": "wald"}, "typical", 1e-8),
    STUDENT: ({"interval": "t"}, "typical", 1e-8),
    # Read off a shared grid: within what tests/numerics promises of them.
    PROFILE: ({"interval": "profile"}, "typical", 1e-3),
    BARTLETT: ({"interval": "profile-bartlett"}, "typical", 5e-3),
    BETA_BINOMIAL: ({"model": "beta-binomial"}, "average", 1e-3),
    bayes(0.5): ({"fit": "bayes", "tau_prior": 0.5}, "average", 5e-4),
    bayes(1.0): ({"fit": "bayes"}, "typical", 5e-4),
    bayes(2.0): ({"fit": "bayes", "tau_prior": 2.0}, "average", 5e-4),
}


def all_intervals(events, total, critical=None):
    total = np.broadcast_to(np.array(total), events.shape)
    prepared = kernels(
        tuple(sorted(set(total.ravel().tolist()))), total.shape[1], int(total[0].sum()), TAU_SCALES
    )
    found = intervals(events, total, 0.95, prepared, critical)
    return {(each.method, each.target): (each.low, each.high) for each in found}


@pytest.fixture(scope="module")
def answer():
    return tk.pool_counts(EVENTS, TOTAL)


@pytest.fixture(scope="module")
def card(answer):
    return tk.coverage_card(answer, replicates=1_200)


# The same intervals of the other estimand, where a method has both.
AVERAGES = {
    PROFILE: ({"interval": "profile"}, 1e-3),
    BARTLETT: ({"interval": "profile-bartlett"}, 5e-3),
    bayes(1.5): ({"fit": "bayes", "tau_prior": 1.5}, 5e-4),
}


@pytest.mark.parametrize("name", AVERAGES)
def test_so_is_that_of_the_mean_across_studies(name):
    said, close = AVERAGES[name]
    low, high = all_intervals(TABLES, TOTAL)[name, "average"]
    for row, events in enumerate(TABLES):
        wanted = tk.pool_counts(events.tolist(), TOTAL, method=tk.Method(**said)).average
        assert (low[row], high[row]) == pytest.approx((wanted.low, wanted.high), abs=close)


@pytest.mark.parametrize("target", ["typical", "average"])
def test_so_is_the_calibrated_interval_where_critical_values_are_stored(target):
    found = all_intervals(TABLES, TOTAL, find_critical_values(TOTAL, 0.95).values)
    low, high = found[CALIBRATED, target]
    method = tk.Method(interval="profile-calibrated")
    for row, events in enumerate(TABLES):
        wanted = getattr(tk.pool_counts(events.tolist(), TOTAL, method=method), target)
        assert (low[row], high[row]) == pytest.approx((wanted.low, wanted.high), abs=5e-3)


@pytest.mark.parametrize("tau_prior", [1.0, 1.5])
def test_so_are_the_next_patients(tau_prior):
    method = tk.Method(fit="bayes", tau_prior=tau_prior)
    found = all_intervals(TABLES, TOTAL)
    low, high = found[bayes(tau_prior), "next"]
    for row, events in enumerate(TABLES):
        wanted = tk.pool_counts(events.tolist(), TOTAL, method=method).next_patients
        assert (20 * low[row], 20 * high[row]) == pytest.approx((wanted.low, wanted.high))
        assert found[bayes(tau_prior), "next-upper"][1][row] == high[row]
        assert found[bayes(tau_prior), "next-upper"][0][row] == 0


@pytest.mark.parametrize(
    "truth", [logit_normal(float(logit(0.3)), 0.8), logit_normal(0.5, 0.0), beta_binomial(0.2, 0.1)]
)
def test_the_events_of_a_new_centre_follow_its_law(truth):
    chances = truth.events_of(20)
    assert chances.sum() == pytest.approx(1, abs=1e-6)
    assert chances @ np.arange(21) / 20 == pytest.approx(truth.average, abs=1e-6)
    rng = np.random.default_rng(4)
    drawn = rng.binomial(20, truth.centres(rng, (40_000,)))
    shares = np.bincount(drawn, minlength=21) / len(drawn)
    assert np.abs(shares - chances).max() < 5 * 0.5 / np.sqrt(len(drawn))


@pytest.mark.parametrize("name", POOLS)
def test_every_interval_is_the_one_that_a_pool_of_the_table_gives(name):
    said, target, close = POOLS[name]
    low, high = all_intervals(TABLES, TOTAL)[name, target]
    for row, events in enumerate(TABLES):
        pooled = tk.pool_counts(events.tolist(), TOTAL, method=tk.Method(**said))
        wanted = getattr(pooled, target)
        assert (low[row], high[row]) == pytest.approx((wanted.low, wanted.high), abs=close)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (STUDENT, {"prediction": "t(k-1)"}),
        (LOGIT, {"model": "inverse-variance", "interval": "hartung-knapp", "prediction": "t(k-2)"}),
        (
            LOGIT_AD_HOC,
            {
                "model": "inverse-variance",
                "interval": "hartung-knapp-adhoc",
                "prediction": "t(k-2)",
            },
        ),
        (bayes(1.0), {"fit": "bayes", "prediction": "posterior"}),
    ],
)
def test_so_is_every_interval_for_a_new_centre(name, said):
    low, high = all_intervals(TABLES, TOTAL)[name, "prediction"]
    for row, events in enumerate(TABLES):
        wanted = tk.pool_counts(events.tolist(), TOTAL, method=tk.Method(**said)).prediction
        assert (low[row], high[row]) == pytest.approx((wanted.low, wanted.high), abs=5e-4)


def test_walds_interval_for_a_new_centre_is_that_of_r():
    # predict(rma.glmm(measure = "PLO", nAGQ = 41), transf = transf.ilogit): pi.lb, pi.ub.
    low, high = all_intervals(np.array([EVENTS]), TOTAL)[WALD, "prediction"]
    assert (low[0], high[0]) == pytest.approx((0.100379, 0.817637), abs=2e-5)


def test_an_interval_that_does_not_exist_is_left_out_and_counted():
    found = all_intervals(np.array([[0, 0, 0], [5, 9, 12], [0, 9, 0], [2, 3, 4]]), [5, 9, 12])
    for method in (WALD, STUDENT, PROFILE, BARTLETT):
        assert np.isnan(found[method, "typical"]).tolist() == [[True, True, True, False]] * 2
    assert np.isnan(found[BETA_BINOMIAL, "average"]).tolist() == [[True, True, True, False]] * 2
    for target in ("typical", "average", "prediction"):
        assert np.isfinite(found[bayes(1.0), target]).all()
    # Equal proportions leave Hartung and Knapp an interval without width, which is none.
    flat = all_intervals(np.array([[2, 4, 8]]), [4, 8, 16])
    assert np.isnan(flat[LOGIT, "typical"]).all()
    assert np.isfinite(flat[LOGIT_AD_HOC, "typical"]).all()


def test_a_prediction_that_would_be_unbounded_counts_as_none():
    found = all_intervals(np.array([[2, 3]]), [5, 9])
    assert np.isnan(found[LOGIT_AD_HOC, "prediction"]).all()


def test_no_estimate_is_refused_as_often_as_no_patient_has_the_event():
    work = Work(
        design=Design(series=4, sizes=(5, 5, 5, 5)),
        truth=logit_normal(float(logit(0.05)), 0.0),
        level=0.95,
        tau_scales=TAU_SCALES,
        replicates=4_000,
        seed=np.random.SeedSequence(1),
    )
    ((*shares,),) = simulate([work])
    refused = {(share.method, share.target): share.refused for share in shares}
    none, error = 0.95**20, math.sqrt(0.95**20 * (1 - 0.95**20) / 4_000)
    # A table of one full series beside empty ones has no finite spread: 4 x 0.05^5 at most.
    assert refused[WALD, "typical"] == pytest.approx(none, abs=4 * error + 2e-6)
    assert refused[BETA_BINOMIAL, "average"] == refused[WALD, "typical"]
    assert refused[bayes(1.0), "typical"] == 0
    assert refused[POOLED, "average"] == 0


@pytest.mark.parametrize(("mu", "tau"), [(-0.35, 0.84), (-2.9, 1.0), (0.4, 2.0)])
def test_the_laws_have_the_moments_they_say(mu, tau):
    truth = logit_normal(mu, tau)

    def moment(power):
        return integrate.quad(
            lambda z: expit(mu + tau * z) ** power * stats.norm.pdf(z), -12, 12, epsabs=1e-12
        )[0]

    variance = moment(2) - moment(1) ** 2
    assert truth.average == pytest.approx(moment(1), abs=1e-9)
    assert truth.rho == pytest.approx(variance / (moment(1) * (1 - moment(1))), abs=1e-8)
    mirrored = beta_binomial(truth.average, truth.rho, tau)
    size = 1 / truth.rho - 1
    law = stats.beta(truth.average * size, (1 - truth.average) * size)
    assert law.var() == pytest.approx(variance, rel=1e-6)
    assert mirrored.typical == pytest.approx(law.median(), abs=1e-9)
    low, high = np.array([0.1]), np.array([0.55])
    assert mirrored.share_between(low, high)[0] == pytest.approx(law.cdf(0.55) - law.cdf(0.1))
    wanted = stats.norm.cdf(logit(0.55), mu, tau) - stats.norm.cdf(logit(0.1), mu, tau)
    assert truth.share_between(low, high)[0] == pytest.approx(wanted)


@pytest.mark.parametrize("truth", [logit_normal(-1.0, 0.8), beta_binomial(0.3, 0.15)])
def test_drawn_centres_follow_their_law(truth):
    drawn = truth.centres(np.random.default_rng(5), (200, 100)).reshape(-1)
    assert np.median(drawn) == pytest.approx(truth.typical, abs=0.01)
    assert drawn.mean() == pytest.approx(truth.average, abs=0.006)
    assert drawn.var() == pytest.approx(truth.rho * truth.average * (1 - truth.average), rel=0.06)


def test_the_counting_against_a_loop_over_tables():
    """Clopper-Pearson and ML t once more, table by table, from the same random streams."""
    design, truth = Design(series=3, sizes=(5, 9, 30), chances=(0.5, 0.3, 0.2)), logit_normal(-1, 1)
    tables = CHUNK + 100

    def work():
        return Work(
            design=design,
            truth=truth,
            level=0.9,
            tau_scales=(1.0,),
            replicates=tables,
            seed=np.random.SeedSequence(3),
        )

    held, given, widths = [], 0, []
    for stream, count in zip(work().seed.spawn(2), (CHUNK, 100), strict=True):
        for x, n in zip(*draw_tables(design, truth, stream, count), strict=True):
            exact = stats.binomtest(int(x.sum()), int(n.sum())).proportion_ci(0.9)
            held.append(exact.low <= truth.average <= exact.high)
            widths.append(exact.high - exact.low)
            given += 0 < x.sum() < n.sum() and not set((x / n).tolist()) <= {0.0, 1.0}
    ((*shares,),) = simulate([work()])
    found = {(share.method, share.target): share for share in shares}
    pooled = found[POOLED, "average"]
    assert pooled.covered == pytest.approx(np.mean(held), abs=1e-12)
    assert pooled.error == pytest.approx(np.std(held) / math.sqrt(tables), abs=1e-12)
    assert pooled.width == pytest.approx(np.mean(widths), abs=1e-9)
    assert found[STUDENT, "typical"].refused == pytest.approx(1 - given / tables, abs=1e-12)


def test_the_card_shows_what_it_is_for(card):
    assert [(each.truth.law, each.truth.tau) for each in card.scenarios] == [
        ("logit-normal", pytest.approx(0.8369, abs=1e-4)),  # metafor's rma.glmm
        ("beta-binomial", pytest.approx(0.8369, abs=1e-4)),
        ("logit-normal", 2.0),
        ("beta-binomial", 2.0),
    ]
    first = {(share.method, share.target): share for share in card.scenarios[0].shares}
    assert first[POOLED, "average"].covered < 0.75
    assert first[WALD, "typical"].covered < first[STUDENT, "typical"].covered
    assert first[bayes(0.5), "typical"].covered < first[bayes(1.0), "typical"].covered
    for share in first.values():
        assert 0 < share.error <= 0.5 / math.sqrt(1_200)
    told = card.in_words
    assert "5 series of 8, 19, 27, 37, 38 patients" in told
    assert told.count(POOLED) == 8


def test_a_method_without_any_interval_is_not_told_as_one_that_never_holds():
    # Two series: the prediction of t(k-2) has no degrees of freedom.
    card = tk.coverage_card(
        tk.pool_counts([3, 5], [10, 12], method=tk.Method(fit="bayes")), replicates=20
    )
    lines = [
        line
        for line in card.in_words.splitlines()
        if line.strip().startswith(LOGIT_AD_HOC) and "new study" in line
    ]
    assert len(lines) == len(card.scenarios)
    for line in lines:
        assert line.endswith("no interval for any table")


def test_an_estimate_beyond_the_largest_spread_is_simulated_alone():
    far = tk.pool_counts([0, 12, 0, 37], [10, 12, 38, 38], method=tk.Method(fit="bayes"))
    assert far.heterogeneity.tau > 2
    card = tk.coverage_card(far, replicates=5)
    assert [each.truth.tau for each in card.scenarios] == [far.heterogeneity.tau] * 2


def test_no_spread_is_simulated_once():
    flat = tk.pool_counts([2, 4, 8, 9], [4, 8, 16, 17])
    card = tk.coverage_card(flat, replicates=20)
    assert flat.heterogeneity.tau == 0
    assert [each.truth.law for each in card.scenarios] == [
        "logit-normal",
        "logit-normal",
        "beta-binomial",
    ]


def test_the_prior_of_the_answer_is_on_the_card_under_its_own_name():
    method = tk.Method(fit="bayes", tau_prior=0.75)
    card = tk.coverage_card(tk.pool_counts(EVENTS, TOTAL, method=method), replicates=10)
    names = [share.method for share in card.scenarios[0].shares if share.target == "typical"]
    assert [name for name in names if name.startswith("Bayes")] == [
        "Bayes, half-normal(0.5)",
        "Bayes, half-normal(0.75)",
        "Bayes, half-normal(1.0)",
        "Bayes, half-normal(1.5)",
        "Bayes, half-normal(2.0)",
    ]


def test_seed_and_workers(answer, card):
    assert tk.coverage_card(answer, replicates=1_200) == card
    assert tk.coverage_card(answer, replicates=1_200, workers=2) == card
    assert tk.coverage_card(answer, replicates=1_200, seed=4).scenarios != card.scenarios


def test_a_dask_cluster_gives_the_same_card(answer, card):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        assert tk.coverage_card(answer, replicates=1_200) == card
        done = client.run(lambda: "toolkit.calibration.intervals" in __import__("sys").modules)
        assert any(done.values())
    assert client.status == "closed"


def test_workers_are_no_part_of_what_is_remembered(answer, tmp_path, monkeypatch):
    with kept_in(tmp_path):
        first = tk.coverage_card(answer, replicates=30, workers=1)
        monkeypatch.setattr("toolkit.calibration.card.simulate", None)
        assert tk.coverage_card(answer, replicates=30, workers=2) == first


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"replicates": 0}, "replicates=0: at least 1 table"),
        ({"workers": 0}, "workers=0: say at least 1, or -1"),
        ({"seed": -1}, "seed=-1: a seed must be at least 0"),
    ],
)
def test_a_number_out_of_range_is_refused(answer, said, told):
    with pytest.raises(tk.ToolkitError, match=told):
        tk.coverage_card(answer, **said)


def test_a_series_too_large_to_tabulate_is_named():
    with pytest.raises(tk.ToolkitError, match="up to 1,000 patients; series 2 has 1,001"):
        tk.coverage_card(tk.pool_counts([6, 300, 18], [8, 1001, 27]))


def test_an_answer_without_a_binomial_normal_estimate_is_refused():
    with pytest.raises(tk.ToolkitError, match="simulates from a binomial-normal pool"):
        tk.coverage_card(tk.pool_counts(EVENTS, TOTAL, method=tk.Method(model="beta-binomial")))
    with pytest.raises(tk.ToolkitError, match="No study has an event"):
        tk.coverage_card(tk.pool_counts([0, 0, 0], [5, 9, 12]))
