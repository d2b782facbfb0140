"""The commands as a user meets them: what they print, and the exit codes."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.errors import Address, Problem

CHECKOUT = Path(__file__).resolve().parents[2]
REVIEW = "ped-venaza"


def run(*words: str, cwd: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """Run a command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "toolkit", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=None,
    )


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(
        "series,events,total\nWinters,6,8\nKarol,3,19\nLeBlanc,18,27\nNiswander,14,37\n"
        "Arcourt,10,38\n",
        encoding="utf-8",
    )
    return path


def test_pool_of_a_table_prints_the_keys_of_the_contract(table):
    done = run("pool", "--table", str(table), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer["typical"]) == {"estimate", "low", "high"}
    assert set(answer["average"]) == {"estimate", "low", "high"}
    assert set(answer["prediction"]) == {"low", "high"}
    wanted = {"tau", "tau2", "tau2_low", "tau2_high", "q", "df", "p", "i2", "h2"}
    assert wanted <= set(answer["heterogeneity"])
    assert {"k", "events", "total", "notes", "rows", "scale_estimate", "scale_se"} <= set(answer)
    wanted = {"label", "events", "total", "estimate", "low", "high", "weight"}
    assert wanted <= set(answer["rows"][0])
    assert answer["typical"]["estimate"] == pytest.approx(0.4143, abs=5e-5)  # metafor's rma.glmm


def test_pool_of_the_review_gives_the_same_numbers_as_the_library():
    done = run("pool", REVIEW, "--outcome", "crc", "--reading", "stand-in", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    review = tk.read(CHECKOUT / "extractions" / REVIEW)
    same = tk.pool(review, "crc", reading="stand-in")
    assert answer["typical"]["estimate"] == same.typical.estimate
    assert answer["typical"]["estimate"] == pytest.approx(0.4143, abs=5e-5)
    assert {row["label"]: (row["events"], row["total"]) for row in answer["rows"]} == {
        "Winters 2020": (6, 8),
        "Karol 2025": (3, 19),
        "LeBlanc 2024": (18, 27),
        "Niswander 2022": (14, 37),
        "Arcourt 2026": (10, 38),
    }


def test_csv_has_a_line_per_series_and_per_estimate(table):
    done = run("pool", "--table", str(table), "--csv", "--fit", "bayes")
    lines = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [line["kind"] for line in lines] == ["series"] * 5 + ["typical", "average", "prediction"]
    assert float(lines[5]["estimate"]) == pytest.approx(0.4217, abs=5e-5)  # dense quadrature


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["pool", REVIEW, "--outcome", "febrile_neutropaenia"],
            'Did you mean "febrile_neutropenia"',
        ),
        (["pool", REVIEW, "--outcome", "crc", "--set", "primry"], 'Did you mean "primary"'),
        (["pool", "no-such-review", "--outcome", "crc"], REVIEW),
        (["pool"], "--table"),
        (["pool", REVIEW, "--json", "--csv"], "not both"),
        (["pool", REVIEW, "--outcome", "crc", "--tau2", "dl"], "inverse-variance"),
        (["pool", "--table", "nowhere.csv"], "nowhere.csv"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_sentence(words, told):
    done = run(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_with_mistakes_tells_each_line_and_ends_with_1(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("series,events,total\nfirst,9,8\nsecond,0.3,10\nthird,1,10\n", encoding="utf-8")
    done = run("pool", "--table", str(path))
    assert done.returncode == 1
    assert "bad.csv, line 2" in done.stderr
    assert "bad.csv, line 3" in done.stderr
    assert "line 4" not in done.stderr
    assert "2 problems." in done.stderr


def test_check_is_clean_on_every_review_of_the_checkout():
    done = run("check")
    assert done.returncode == 0, done.stdout
    assert f"{REVIEW}: no problems." in done.stdout


def test_check_needs_neither_scipy_nor_matplotlib():
    program = (
        "import sys; from toolkit.load import find, problems; "
        f"assert problems(find('{REVIEW}')) == []; "
        "print([m for m in ('numpy', 'scipy', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_problem_says_where_what_meaning_and_remedy():
    problem = Problem(
        address=Address(file="smith.xlsx", sheet="counts", cells="E7 and F7"),
        context="group all",
        what="events is 48 but total is 42.",
        meaning="More patients had the event than were observed for it.",
        remedy="Look at Table 4 again.",
    )
    assert str(problem).splitlines() == [
        "smith.xlsx, sheet counts, cells E7 and F7   (group all)",
        "    events is 48 but total is 42.",
        "    More patients had the event than were observed for it.",
        "    Look at Table 4 again.",
    ]


def test_calibrate_tells_the_coverage_of_each_interval():
    done = run("calibrate", REVIEW, "--outcome", "crc", "--replicates", "20", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "5 series of" in done.stdout
    assert done.stdout.count("Pooled counts") == 8  # two targets in four scenarios
    refused = run("calibrate", REVIEW, "--outcome", "neutropenia", "--replicates", "20")
    assert refused.returncode == 2
    assert "One study: not pooled." in refused.stderr


def test_calibrate_runs_the_grid_into_a_file(tmp_path):
    target = tmp_path / "grid.csv"
    done = run("calibrate", "--grid", "--replicates", "2", "--csv", str(target), "--workers", "1")
    assert done.returncode == 0, done.stderr
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (
        len(
            {
                (row["series"], row["proportion"], row["law"], row["tau"], row["rho"][:4])
                for row in rows
            }
        )
        == 96
    )
    assert "spread > 0" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say a REVIEW and its --outcome, or --grid."),
        ((REVIEW,), "say a REVIEW and its --outcome, or --grid."),
        ((REVIEW, "--grid"), "--grid simulates no review"),
        ((REVIEW, "--outcome", "crc", "--csv", "grid.csv"), "--sizes and --csv belong to --grid."),
        (("--grid", "--csv", "nowhere/grid.csv"), "there is no folder nowhere"),
        (("--grid", "--csv", "."), "is a folder: say the name of a file in it."),
        (("--grid", "--sizes", "evn"), 'Did you mean "even"?'),
        (("--grid", "--replicates", "0"), "replicates=0: at least 1 table"),
    ],
)
def test_calibrate_refuses_words_that_do_not_fit_together(words, told):
    done = run("calibrate", *words)
    assert done.returncode == 2
    assert told in done.stderr
