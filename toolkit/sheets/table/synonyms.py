"""Headings that strangers write over their columns, by what the columns hold."""

from __future__ import annotations

_WRITTEN = {
    "label": """
        series, study, studies, study label, study name, studlab, slab, trial, trial
        name, first author, author, authors, study author, author year, author and year,
        authors year, paper, publication, reference, citation, article,
        report, label, name, cohort, source, studie, autor, etude, auteur, estudio,
        acronym, study id, studyid, trial id, record, refid, covidence, id, center,
        centre, site, title
    """,
    "events": """
        events, no with event, number with event, no of patients with event, casos, cas,
        nombre de cas, anzahl ereignisse, event, cases, case, x, xi, r, ri, e, responders,
        responses, responder, response, positive, positives, successes, success, affected,
        num affected,
        deaths, count, numerator, n events, n event, events n, event n, number of
        events, no of events, no events, number of cases, no of cases, n cases, cases n,
        number of responders, n responders, responders n, number affected, n with event,
        with event, patients with event, event count, ereignisse, evenements, eventos,
        dichotomous events, n positive, number positive
    """,
    "total": """
        total, fallzahl, patienten, anzahl patienten, teilnehmer, pacientes, muestra,
        nombre de patients, totals, n, ni, sample size, samplesize, sample, size, patients,
        participants, subjects, number of patients, no of patients, n patients, patients
        n, number of participants, no of participants, n participants, participants n,
        number of subjects, n total, total n, n tot, ntotal, denominator, evaluable, n
        evaluable, evaluable patients, at risk, number at risk, num at risk, population
        size, total patients, total number, total participants, number treated, n
        treated, treated, group size, gesamt, effectif, total de pacientes
    """,
    "fraction": """
        x/n, r/n, n/n, xi/ni, events/total, event/total, events/n, cases/total, cases/n,
        responders/total, responders/evaluable, n/total, events/patients, responders/n,
        x of n, events of total, n of n, count/total
    """,
    "percent": """
        percent, %, percentage, pct, rate, event rate, proportion, prevalence,
        incidence, share, rate %, percent %, proportion %, prevalence %, events %, risk,
        estimate %, rate percent, event rate %, incidence %
    """,
    "low": """
        low, lower, lcl, ci low, ci lower, lower ci, low ci, ci lb, lower limit, lower
        95, lower 95 ci, 95 ci lower, 95 ci low, ll, low percent, lb, cil, ci l, lower
        bound, ci start, 95 lower, lower 95%, lower 95% ci, 95% ci lower, 95% lower
    """,
    "high": """
        high, upper, ucl, ci high, ci upper, upper ci, high ci, ci ub, upper limit,
        upper 95, upper 95 ci, 95 ci upper, 95 ci high, ul, high percent, ub, ciu, ci u,
        upper bound, ci end, 95 upper, upper 95%, upper 95% ci, 95% ci upper, 95% upper
    """,
    "effect": """
        yi, giv mean, effect, effect size, es, te, estimate, logit, smd, md, diff, mean
        difference, log odds
    """,
    "error": """
        sei, giv se, se, sete, standard error, std error, stderr, se te
    """,
    "variance": """
        vi, variance, var, sampling variance
    """,
    "group": """
        group, subgroup, arm, stratum, strata, treatment arm, cohort group
    """,
    "outcome": """
        outcome, analysis name, analysis, endpoint, end point, adverse event, outcome name, measure
    """,
    "year": """
        year, study year, pubyear, publication year, year of publication, pub year, jahr, annee
    """,
}

WORDS: dict[str, tuple[str, ...]] = {
    role: tuple(" ".join(word.split()) for word in words.split(","))
    for role, words in _WRITTEN.items()
}
"""Headings that are understood, by what they hold; earlier words go before later ones."""
