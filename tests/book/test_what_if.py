"""The calculator in a browser against the toolkit: the same pool for any choice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from in_browser import NARROW, names, opened
from playwright.sync_api import Browser, Page

from toolkit.analysis.pool import pool
from toolkit.analysis.pool_counts import pool_counts
from toolkit.load import find, read
from toolkit.numerics.posterior.bayes import posterior
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method

CHOICES = 200
WITHIN = 1e-3
PATIENTS = (1, 2, 5, 8, 12, 20, 38, 60, 150, 400)

COMPUTE = """choices => choices.map(({ series, own, settings }) =>
    calculator.whatIf(calculator.data, series, own, settings))"""


@pytest.fixture(scope="module")
def panel(browser: Browser, whole_book: Path) -> Iterator[Page]:
    """Yield the calculator's page of the first review, opened from the folder."""
    page_name = next(name for name in names(whole_book) if name.endswith("/try-it.html"))
    with opened(browser, whole_book.as_uri()) as (page, heard):
        page.goto(f"{whole_book.as_uri()}/{page_name}")
        page.wait_for_selector(".calc-told p")
        yield page
        assert heard.wrong == []
        assert heard.outside == []


def random_choice(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome, a set, some of its series and perhaps a centre of one's own."""
    while True:
        outcome = chance.choice(data["outcomes"])
        rows = outcome["sets"][chance.choice(sorted(outcome["sets"]))]
        kept = [row for row in rows if chance.random() < 0.75]
        series = [{name: row[name] for name in ("low", "high", "total")} for row in kept]
        own = None
        if chance.random() < 0.75:
            patients = chance.choice(PATIENTS)
            events = chance.choice([0, patients, *(chance.randint(0, patients) for _ in "ab")])
            own = {"low": events, "high": events, "total": patients}
        if series or own:
            names = ("level", "tauPrior", "nextPatients")
            settings = {name: outcome[name] for name in names}
            return {"series": series, "own": own, "settings": settings}


def pooled(choice: dict[str, Any], fit: str) -> Synthesis:
    """Return the toolkit's pool of a choice."""
    cells = [*choice["series"], *([choice["own"]] if choice["own"] else [])]
    settings = choice["settings"]
    return pool_counts(
        [(cell["low"], cell["high"]) for cell in cells],
        [cell["total"] for cell in cells],
        method=Method(fit=fit, tau_prior=settings["tauPrior"], level=settings["level"]),
    )


def numbers(answer: Synthesis) -> list[float | None]:
    """Return what the panel shows of a pool."""
    parts = (answer.typical, answer.average)
    ends = [end for part in parts for end in (part.estimate, part.low, part.high)]
    return [*ends, answer.prediction.low, answer.prediction.high]


def shown(answer: dict[str, Any], fit: str) -> list[float | None]:
    """Return the same from the browser's answer."""
    row, none = answer[fit], {"estimate": None, "low": None, "high": None}
    parts = [row["typical"], row["average"]] if row else [none, none]
    defined = parts[0]["estimate"] is not None
    prediction = answer["bayes"]["prediction"] if defined else none
    ends = [part[name] for part in parts for name in ("estimate", "low", "high")]
    return [*ends, prediction["low"], prediction["high"]]


def test_any_choice_agrees_with_the_toolkit(panel: Page, tell: Callable[[str], None]) -> None:
    data = panel.evaluate("calculator.data")
    chance = random.Random(20)
    choices = [random_choice(chance, data) for _ in range(CHOICES)]
    found = panel.evaluate(COMPUTE, choices)
    furthest, edges = 0.0, 0
    for choice, answer in zip(choices, found, strict=True):
        fit = chance.choice(["ml", "bayes"])
        expected = numbers(pooled(choice, fit))
        got = shown(answer, fit)
        told = f"{choice}, {fit}: {expected} and in the browser {got}"
        assert [end is None for end in expected] == [end is None for end in got], told
        apart = [abs(a - b) for a, b in zip(expected, got, strict=True) if a is not None]
        furthest = max([furthest, *apart])
        assert max(apart, default=0.0) < WITHIN, told
        edges += bool(choice["own"]) and choice["own"]["low"] in (0, choice["own"]["total"])
    tell(f"{CHOICES} choices, furthest apart {furthest:.1e}, {edges} with 0 of n or n of n")
    assert edges > CHOICES / 10


def test_a_centre_of_ones_own_agrees_with_the_toolkit(panel: Page) -> None:
    data = panel.evaluate("calculator.data")
    chance = random.Random(7)
    choices = [random_choice(chance, data) for _ in range(60)]
    choices = [choice for choice in choices if choice["own"] and choice["series"]][:25]
    for choice, answer in zip(choices, panel.evaluate(COMPUTE, choices), strict=True):
        cells = [*choice["series"], choice["own"]]
        low, high, total = ([cell[name] for cell in cells] for name in ("low", "high", "total"))
        scale, own = choice["settings"]["tauPrior"], choice["own"]
        every = posterior(low, high, total, tau_scale=scale)
        mine = every.series()[-1]
        assert mine is not None
        centre = answer["centre"]
        expected = [mine.median, *mine.interval()]
        got = [centre["shrunken"][name] for name in ("estimate", "low", "high")]
        assert got == pytest.approx(expected, abs=WITHIN), choice
        others = posterior(low[:-1], high[:-1], total[:-1], tau_scale=scale)
        shares = others.new_count(own["total"])
        assert centre["fewer"] == pytest.approx(shares[: own["low"]].sum(), abs=WITHIN), choice
        assert centre["more"] == pytest.approx(shares[own["low"] + 1 :].sum(), abs=WITHIN), choice
        # Nobody sees more than all: what rounding leaves would be told as "<1%".
        assert own["low"] < own["total"] or centre["more"] == 0, choice
        # An end may be the next whole number where a tail is all but exactly one fortieth.
        tails = (
            shares[: centre["expected"]["low"]].sum(),
            shares[: centre["expected"]["high"]].sum(),
        )
        assert tails[0] <= 0.025 + WITHIN
        assert tails[1] <= 0.975 + WITHIN
        assert shares[: centre["expected"]["high"] + 1].sum() >= 0.975 - WITHIN


def test_no_spread_or_no_event_is_told_in_the_toolkits_words(panel: Page) -> None:
    none = [{"low": 0, "high": 0, "total": n} for n in (10, 20, 15)]
    alternating = [{"low": x, "high": x, "total": 12} for x in (0, 12, 0, 12)]
    equal = [{"low": x, "high": x, "total": 2 * x} for x in (5, 10, 15)]
    settings = {"level": 0.95, "tauPrior": 1.0, "nextPatients": 20}
    choices = [
        {"series": series, "own": None, "settings": settings}
        for series in (none, alternating, equal, none[:1])
    ]
    first, second, third, last = panel.evaluate(COMPUTE, choices)
    assert (first["ml"]["refused"], second["ml"]["refused"]) == ("all_zero", "not_estimable")
    sentences = panel.evaluate("calculator.data.sentences")
    assert sentences["all_zero"].startswith("No study has an event")
    assert third["ml"]["tau"] == 0
    assert third["ml"]["typical"]["estimate"] == pytest.approx(0.5, abs=1e-9)
    assert (last["ml"], last["bayes"]) == (None, None)


def test_the_panel_shows_what_the_toolkit_pools(panel: Page, whole_book: Path) -> None:
    review = read(find(panel.url.split("/")[-2]))
    data = panel.evaluate("calculator.data")
    outcome = max(data["outcomes"], key=lambda each: len(each["sets"].get(data["primary"], [])))
    panel.select_option("#calc-outcome", outcome["key"])
    answer = pool(review, outcome["key"])
    assert answer.leading.estimate is not None
    told = panel.locator(".calc-told")
    # What a page cannot compute, it says; the ladder's answer stands beside that of its ranges.
    own = f"own answer, read on a ladder of outcomes, is {100 * answer.leading.estimate:.0f}%"
    assert answer.reading == "ladder"
    assert own in told.inner_text()
    panel.locator(".calc-forest input").first.uncheck()
    panel.fill("#calc-events", "7")
    panel.fill("#calc-patients", "10")
    panel.locator("input[value='bayes.average']").check()
    panel.wait_for_selector(".calc-mine")
    rows = answer.rows[1:]
    changed = pool_counts(
        [(row.events_low or 0, row.events_high or 0) for row in rows] + [(7, 7)],
        [row.total for row in rows] + [10],
        method=Method(fit="bayes", tau_prior=answer.method.tau_prior),
    )
    assert changed.average.estimate is not None
    assert f"{100 * changed.average.estimate:.0f}% as the mean across studies" in told.inner_text()
    assert "Your center: 7 of 10, 70%" in told.inner_text()
    panel.get_by_role("button", name="Back to the review’s own choice").click()
    alone = pool(review, outcome["key"], Method(), reading="bounds").average
    assert alone.estimate is not None
    assert alone.low is not None
    assert alone.high is not None
    limits = f"{100 * alone.low:.0f}–{100 * alone.high:.0f}%"
    assert f"{100 * alone.estimate:.0f}%" in told.inner_text()
    assert f"(95% confidence interval {limits})" in told.inner_text()
    assert panel.locator(".calc-forest input:not(:checked)").count() == 0


@pytest.mark.parametrize(
    ("events", "patients", "fault"),
    [
        ("11", "10", "Patients with the outcome must be a whole number from 0 to 10."),
        ("1", "0", "Patients observed must be a whole number from 1 to 2000."),
        ("two", "10", "Patients with the outcome must be a whole number from 0 to 10."),
        ("2", "1e2", "Patients observed must be a whole number from 1 to 2000."),
        ("", "10", ""),
        ("3", "", ""),
    ],
)
def test_what_cannot_be_a_count_is_refused(
    panel: Page, events: str, patients: str, fault: str
) -> None:
    panel.fill("#calc-events", events)
    panel.fill("#calc-patients", patients)
    panel.wait_for_function(
        "told => document.querySelector('#calc-fault').textContent === told", arg=fault
    )
    panel.wait_for_timeout(300)
    assert panel.locator(".calc-mine").count() == 0
    assert panel.locator("#calc-fault").inner_text() == fault
    told = fault.split(" must")[0]
    wrong = {"Patients with the outcome": ["calc-events"], "Patients observed": ["calc-patients"]}
    marked = panel.locator("[aria-invalid=true]")
    assert [each.get_attribute("id") for each in marked.all()] == wrong.get(told, [])


def test_an_address_opens_the_calculator_on_an_outcome(panel: Page) -> None:
    last = panel.evaluate("calculator.data.outcomes.at(-1).key")
    panel.evaluate("key => { location.hash = `try-${key}` }", last)
    panel.wait_for_function(
        "key => document.querySelector('#calc-outcome').value === key", arg=last
    )


def test_an_address_keeps_what_is_chosen(browser: Browser, whole_book: Path, panel: Page) -> None:
    panel.fill("#calc-events", "3")
    panel.fill("#calc-patients", "12")
    panel.locator(".calc-forest tbody input").first.click()
    panel.wait_for_function("() => /without=.+&own=3\\/12$/.test(location.hash)")
    shown = panel.locator(".calc-told").inner_text()
    with opened(browser, whole_book.as_uri()) as (page, heard):
        page.goto(panel.url)
        page.wait_for_function(
            "told => document.querySelector('.calc-told')?.innerText === told", arg=shown
        )
        assert page.locator(".calc-out").count() == 1
        assert page.input_value("#calc-events") == "3"
        # A heading's address is none of the calculator's.
        page.goto(panel.url.split("#")[0] + "#what-it-does")
        page.wait_for_timeout(400)
        assert page.evaluate("location.hash") == "#what-it-does"
        assert heard.wrong == []


def test_the_page_reads_without_scripts_and_prints_without_controls(
    browser: Browser, whole_book: Path, panel: Page
) -> None:
    panel.emulate_media(media="print")
    assert not panel.locator(".calc").is_visible()
    assert panel.locator("main table").last.is_visible()
    panel.emulate_media(media="screen")
    with opened(browser, whole_book.as_uri(), width=NARROW, scripts=False) as (page, _):
        page.goto(panel.url)
        assert page.get_by_text("The calculator needs JavaScript").is_visible()
        assert page.locator("#calculator-panel").is_hidden()
        assert page.locator("main .st-table tbody tr").count() > 0
