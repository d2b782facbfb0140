"""The methods under which every answer is given again, fixed before any number was seen."""

from __future__ import annotations

from dataclasses import replace

from toolkit.method import Method

SENSITIVITY_METHODS: tuple[tuple[str, Method], ...] = (
    ("Maximum likelihood, t(k-1)", Method()),
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
