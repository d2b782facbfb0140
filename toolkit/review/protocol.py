"""What a protocol fixes: facets of patients, outcomes, and the analysis sets that answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.review.method import Method
from toolkit.review.order import Reading
from toolkit.review.words import Word

Direction = Literal["benefit", "harm"]


Construct = Literal["nearest", "exact", "wider"]


Overlapping = Literal["kept", "worst-case"]


Role = Literal["variant", "context", "beside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who and what counts: PICOS as a list, each criterion a sentence of its own.

    Attributes
    ----------
    population, intervention, comparison, outcomes, designs : tuple of str
        What a study must have; empty where the protocol sets nothing.
    excluded : tuple of str
        What leaves a study out.
    """

    population: tuple[str, ...] = ()
    intervention: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """What a referee asks of a review itself; a text is empty where the review does not say.

    Attributes
    ----------
    fixed : str
        When the protocol was fixed, and what was known by then.
    registration, funding, conflicts : str
        Where it is registered, who paid for it, and what its authors have at stake.
    amendments : tuple of str
        What was changed afterwards, and when.
    """

    fixed: str = ""
    registration: str = ""
    funding: str = ""
    conflicts: str = ""
    amendments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A property by which groups of patients differ, with its vocabulary in order of preference."""

    key: str
    label: str
    words: tuple[Word, ...]

    def label_of(self, key: str) -> str:
        """Return the label of a word, or the key itself when it has none."""
        return next((word.label for word in self.words if word.key == key), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An event worth counting.

    Attributes
    ----------
    key, label, short : str
        The word written in sheets, the words shown, and a short form for narrow columns.
    definition : str
        What counts as an event, in one sentence.
    kind : str
        Heading under which the outcome is shown; also its default method's name in the protocol.
    direction : {"benefit", "harm"}
        Whether more events are better.
    grade : str
        The grade that is pooled unless another is asked for; empty where grades do not apply.
    components : tuple of str
        Outcomes whose sum this one is (CRc: CR and CRi); empty for an elementary event.
    nearest : tuple of str
        Outcomes that stand in, in this order, where a series does not report this one.
    wider : tuple of str
        Outcomes that count more than this one (CRc with CRh or MLFS): a set whose construct is
        ``wider`` takes them, in this order, before the outcome itself.
    denominators : tuple of str
        Totals that may be pooled, in order of preference.
    patient_condition : tuple of (column, word)
        Further columns of patient rows that must hold for a patient to count (MRD negative).
    method : Method
        The headline method fixed by the protocol before numbers are seen.
    estimand : {"typical", "average"}
        Which estimand leads.
    thresholds : tuple of float
        Proportions at which a decision would turn, in [0, 1].
    thresholds_why : str
        Why these; empty where the protocol gives no reason.
    shown : bool
        Whether the outcome has a forest plot of its own in the book.
    reading : {"ladder", "bounds", "as-defined", "stand-in"}
        How a study that reports another outcome enters the pool, unless another is asked for.
    rung_prior : str or float
        Prior on the shares between rungs where the outcome is on a ladder.
    time_years : float or None
        Years from the start at which percentages of the outcome are pooled; None where it has no
        time. Percentages at other times are pooled with these only where a set says so.
    """

    key: str
    label: str
    short: str
    definition: str
    kind: str
    direction: Direction
    grade: str
    components: tuple[str, ...]
    nearest: tuple[str, ...]
    wider: tuple[str, ...] = ()
    denominators: tuple[str, ...]
    patient_condition: tuple[tuple[str, str], ...]
    method: Method
    estimand: Literal["typical", "average"]
    thresholds: tuple[float, ...]
    thresholds_why: str = ""
    shown: bool = True
    reading: Reading = "stand-in"
    rung_prior: str | float = "dirichlet"
    time_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSet:
    """A filter with a name: which groups and counts of which series enter a pool.

    Attributes
    ----------
    key, label, description : str
        Its word, its label, and what it keeps in one sentence.
    role : {"variant", "context", "beside"}
        Whether the set asks the same question of other data, as every combination of choices
        does, or is a context of its own and compared with nothing. A context that is asked beside
        the question stands in the first table and on the pages of its outcomes.
    construct : {"nearest", "exact", "wider"}
        Whether another construct may stand in for an outcome that a series does not report, and
        whether one that counts more goes before it where a series reports that.
    where : tuple of (column, words)
        For each named column the words that are kept, in order of preference.
    alternatives : bool
        Whether the other reading of a contradicted cell is used where one is recorded.
    overlap : {"kept", "worst-case"}
        Whether series that may share patients are all kept, or the larger one of them alone.
    judged_yes : tuple of str
        Items of the critical appraisal that must be met, or not apply, for a series to enter: one
        that is not appraised does not.
    """

    key: str
    label: str
    description: str
    role: Role = "variant"
    construct: Construct
    where: tuple[tuple[str, tuple[str, ...]], ...]
    alternatives: bool
    overlap: Overlapping = "kept"
    judged_yes: tuple[str, ...] = ()
