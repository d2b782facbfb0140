"""The analyst's choices as words: model, fit, interval; and the fixed set of methods.

No numerics here: a method says what is to be done, `toolkit.analysis.pool` does it. A default that
depends on another choice is resolved when the method is made, so that a method always shows in
full what was used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal, get_args

from toolkit.errors import ChoiceError, ToolkitError

Model = Literal["binomial-normal", "beta-binomial", "inverse-variance", "pooled-counts"]


Fit = Literal["ml", "bayes"]


Scale = Literal["logit", "log", "raw", "arcsine", "double-arcsine", "complementary-log-log"]


Tau2 = Literal["reml", "dl", "he", "hs", "sj", "ml", "eb", "pm", "none"]


Zero = Literal["only-zero", "if-any", "all", "none"]


Interval = Literal[
    "t",
    "wald",
    "hartung-knapp",
    "hartung-knapp-adhoc",
    "profile",
    "profile-bartlett",
    "profile-calibrated",
    "credible",
    "clopper-pearson",
]


Prediction = Literal["default", "posterior", "t(k-1)", "t(k-2)", "none"]


Approximation = Literal["between", "optimistic", "pessimistic"]


CHOICES: dict[str, tuple[str, ...]] = {
    "model": get_args(Model),
    "fit": get_args(Fit),
    "scale": get_args(Scale),
    "tau2": get_args(Tau2),
    "zero": get_args(Zero),
    "interval": get_args(Interval),
    "prediction": get_args(Prediction),
    "approximation": get_args(Approximation),
}
"""Every word a method may use, field by field; the first is the default where there is one."""


# What goes together, keyed by model and, for the binomial-normal model, its fit. The first word
# of each is what "not said" means there. Type checkers hold these tables to the words above.
INTERVALS: dict[tuple[Model, Fit], tuple[Interval, ...]] = {
    ("binomial-normal", "ml"): (
        "profile-bartlett",
        "profile-calibrated",
        "profile",
        "t",
        "wald",
    ),
    ("binomial-normal", "bayes"): ("credible",),
    ("beta-binomial", "ml"): ("profile",),
    ("inverse-variance", "ml"): ("t", "wald", "hartung-knapp", "hartung-knapp-adhoc"),
    ("pooled-counts", "ml"): ("clopper-pearson",),
}


PREDICTIONS: dict[tuple[Model, Fit], tuple[Prediction, ...]] = {
    ("binomial-normal", "ml"): ("posterior", "t(k-1)", "t(k-2)", "none"),
    ("binomial-normal", "bayes"): ("posterior", "none"),
    ("beta-binomial", "ml"): ("none",),
    ("inverse-variance", "ml"): ("t(k-1)", "t(k-2)", "none"),
    ("pooled-counts", "ml"): ("none",),
}


INTERVAL_NAMES: dict[Interval, str] = {
    "t": "t(k-1) interval",
    "wald": "Wald interval",
    "hartung-knapp": "Hartung-Knapp interval",
    "hartung-knapp-adhoc": "ad hoc Hartung-Knapp interval",
    "profile": "profile-likelihood interval",
    "profile-bartlett": "Bartlett-corrected profile-likelihood interval",
    "profile-calibrated": "calibrated profile-likelihood interval",
    "credible": "credible interval",
    "clopper-pearson": "Clopper-Pearson interval",
}
"""Each interval as captions name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How counts are pooled, every choice a word.

    Parameters
    ----------
    model : {"binomial-normal", "beta-binomial", "inverse-variance", "pooled-counts"}
        The likelihood. ``pooled-counts`` adds events and totals as if all patients were one
        series; it is there to be compared with.
    fit : {"ml", "bayes"}
        How the binomial-normal model is fitted; the other models know ``ml`` alone.
    scale, tau2, zero : str
        Analysis scale, estimator of the between-series variance (``none``: common effect) and
        where one half is added; they matter to ``inverse-variance`` alone. The scale
        ``complementary-log-log`` is log(-log p), that of a log hazard where p is a survival.
    interval : str, optional
        Interval of the estimate. Not said: ``profile-bartlett`` for binomial-normal by ML, ``t``
        with k - 1 degrees of freedom for inverse variance, ``credible`` for Bayes, ``profile`` for
        beta-binomial, ``clopper-pearson`` for pooled counts. ``profile-calibrated`` judges the
        likelihood ratio against critical values counted for series of these sizes; where none are
        stored the corrected interval stands in, and a note says so.
    prediction : str, optional
        Interval for a new study. Not said: the posterior predictive for binomial-normal,
        t(k-1) for inverse variance, none for the others.
    approximation : {"between", "optimistic", "pessimistic"}
        What stands for the variance of a percentage that is printed without interval or standard
        error, under ``inverse-variance``: see
        `toolkit.numerics.normal.precision.approximate_variance`.
    tau_prior : float
        Scale of the half-normal prior of tau on the logit scale.
    level : float
        Coverage aimed at, strictly between 0 and 1.

    Raises
    ------
    ChoiceError
        For a word that is not known, naming the nearest one.
    ToolkitError
        For words that do not go together.

    Examples
    --------
    >>> Method().interval
    'profile-bartlett'
    >>> Method(fit="bayes").interval
    'credible'
    >>> Method(model="pooled-counts", interval="profile")
    Traceback (most recent call last):
    ...
    toolkit.errors.ToolkitError: interval="profile" does not go with pooled-counts. \
Choices there: clopper-pearson.
    """

    model: Model = "binomial-normal"
    fit: Fit = "ml"
    scale: Scale = "logit"
    tau2: Tau2 = "reml"
    zero: Zero = "only-zero"
    interval: Interval | None = None
    prediction: Prediction = "default"
    approximation: Approximation = "between"
    tau_prior: float = 1.0
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse unknown words and impossible combinations, and fill in what follows."""
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value is not None and value not in choices:
                raise ChoiceError(name, value, choices)
        combination = (self.model, self.fit)
        if combination not in INTERVALS:
            raise ToolkitError(
                f'fit="{self.fit}" does not go with {self.model}: '
                "only binomial-normal is fitted by bayes."
            )
        self._refuse_unused_choices()
        tables: dict[str, tuple[str, ...]] = {
            "interval": INTERVALS[combination],
            "prediction": PREDICTIONS[combination],
        }
        for name, allowed in tables.items():
            if name == "prediction" and self.tau2 == "none":
                allowed = ("none",)
            value = getattr(self, name)
            if value in (None, "default"):
                object.__setattr__(self, name, allowed[0])
            elif value not in allowed:
                raise ToolkitError(
                    f'{name}="{value}" does not go with {self._combination_in_words()}. '
                    f"Choices there: {', '.join(allowed)}."
                )
        if not 0 < self.level < 1:
            raise ToolkitError(f"level={self.level} is not strictly between 0 and 1.")
        if not 0 < self.tau_prior < 100:
            raise ToolkitError(
                f"tau_prior={self.tau_prior} is not a scale of tau on the logit scale: "
                "it must be above 0 and below 100."
            )

    def _refuse_unused_choices(self) -> None:
        """Refuse a choice that the model would silently ignore."""
        if self.model == "inverse-variance":
            return
        for name in ("scale", "tau2", "zero", "approximation"):
            default = CHOICES[name][0]
            if getattr(self, name) != default:
                raise ToolkitError(
                    f'{name}="{getattr(self, name)}" belongs to model="inverse-variance"; '
                    f"{self.model} does not use it."
                )

    def _combination_in_words(self) -> str:
        """Model, and the fit where the model knows more than one."""
        if self.model == "binomial-normal":
            return f"{self.model} fitted by {self.fit}"
        return self.model

    @property
    def in_words(self) -> str:
        """One line that names the model, the fit and the interval, for captions."""
        interval = "" if self.interval is None else INTERVAL_NAMES[self.interval]
        percent = f"{100 * self.level:g}%"
        if self.model == "binomial-normal" and self.fit == "bayes":
            return (
                f"binomial-normal model, Bayes with half-normal({self.tau_prior:g}) prior of tau, "
                f"{percent} {interval}"
            )
        if self.model == "binomial-normal":
            return f"binomial-normal model, maximum likelihood, {percent} {interval}"
        if self.model == "inverse-variance":
            tau2 = "common effect" if self.tau2 == "none" else f"tau² by {self.tau2.upper()}"
            told = f"inverse variance on the {self.scale} scale, {tau2}, {percent} {interval}"
            if self.approximation == "between":
                return told
            return f"{told}, {self.approximation} variances where none is printed"
        return f"{self.model.replace('-', ' ')}, {percent} {interval}"

    @property
    def prediction_in_words(self) -> str:
        """What an interval for a new study is, for captions and heads; empty where there is none.

        A prediction beside a fit by maximum likelihood comes from the posterior unless the method
        says otherwise, so it has words of its own.
        """
        percent = f"{100 * self.level:g}%"
        if self.prediction == "none":
            return ""
        if self.prediction == "posterior":
            return f"{percent} posterior predictive, half-normal({self.tau_prior:g}) prior of tau"
        return f"{percent} prediction by {self.prediction}"

    def to_dict(self) -> dict[str, str | float]:
        """Return the choices as plain words and numbers, ready for JSON."""
        return asdict(self)


SENSITIVITY_METHODS: tuple[tuple[str, Method], ...] = (
    ("Maximum likelihood, t(k-1)", Method(interval="t")),
    ("Bayes, half-normal(1.0)", Method(fit="bayes")),
    ("Bayes, half-normal(0.5)", Method(fit="bayes", tau_prior=0.5)),
    ("Bayes, half-normal(2.0)", Method(fit="bayes", tau_prior=2.0)),
    ("Beta-binomial, profile", Method(model="beta-binomial")),
    ("Maximum likelihood, profile", Method(interval="profile")),
    (
        "Logit, REML, ad hoc Hartung-Knapp",
        Method(model="inverse-variance", interval="hartung-knapp-adhoc"),
    ),
    (
        "Arcsine, REML, ad hoc Hartung-Knapp",
        Method(model="inverse-variance", scale="arcsine", interval="hartung-knapp-adhoc"),
    ),
    (
        "Double arcsine, DL, Wald (legacy)",
        Method(model="inverse-variance", scale="double-arcsine", tau2="dl", interval="wald"),
    ),
    ("Pooled counts", Method(model="pooled-counts")),
)
"""The fixed set of methods of the specification curve, chosen before any number was seen."""


_OF_PERCENTAGES = Method(
    model="inverse-variance", scale="complementary-log-log", interval="hartung-knapp"
)


PERCENTAGE_METHODS: tuple[tuple[str, Method], ...] = (
    ("Complementary log-log, REML, Hartung-Knapp", _OF_PERCENTAGES),
    (
        "Complementary log-log, precision taken as high",
        replace(_OF_PERCENTAGES, approximation="optimistic"),
    ),
    (
        "Complementary log-log, precision taken as low",
        replace(_OF_PERCENTAGES, approximation="pessimistic"),
    ),
    ("Logit, REML, Hartung-Knapp", replace(_OF_PERCENTAGES, scale="logit")),
    ("Plain, REML, Hartung-Knapp", replace(_OF_PERCENTAGES, scale="raw")),
    (
        "Complementary log-log, REML, ad hoc Hartung-Knapp",
        replace(_OF_PERCENTAGES, interval="hartung-knapp-adhoc"),
    ),
    (
        "Complementary log-log, DL, Wald",
        replace(_OF_PERCENTAGES, tau2="dl", interval="wald"),
    ),
)
"""The same where a series gives only a percentage, which no model of counts can pool."""
