"""Choices are words: unknown ones and impossible pairs are refused at once, in words."""

import pytest

from toolkit.errors import ChoiceError, ToolkitError
from toolkit.numerics.normal import effects, inverse_variance, precision, tau2
from toolkit.numerics.proportions import SCALES
from toolkit.review.method import CHOICES, INTERVAL_NAMES, INTERVALS, PREDICTIONS, Method


@pytest.mark.parametrize(
    ("choices", "interval", "prediction"),
    [
        ({}, "profile-bartlett", "posterior"),
        ({"interval": "t"}, "t", "posterior"),
        ({"fit": "bayes"}, "credible", "posterior"),
        ({"model": "beta-binomial"}, "profile", "none"),
        ({"model": "inverse-variance"}, "t", "t(k-1)"),
        ({"model": "inverse-variance", "tau2": "none"}, "t", "none"),
        ({"model": "pooled-counts"}, "clopper-pearson", "none"),
    ],
)
def test_what_is_not_said_follows_from_the_model(choices, interval, prediction):
    method = Method(**choices)
    assert (method.interval, method.prediction) == (interval, prediction)


@pytest.mark.parametrize("name", CHOICES)
def test_an_unknown_word_is_refused_with_the_choices(name):
    with pytest.raises(ChoiceError) as refused:
        Method(**{name: "remll"})
    assert refused.value.choices == CHOICES[name]
    assert all(choice in str(refused.value) for choice in CHOICES[name])


def test_the_nearest_word_is_offered():
    with pytest.raises(ChoiceError, match='Did you mean "reml"'):
        Method(model="inverse-variance", tau2="reml2")


@pytest.mark.parametrize(
    "choices",
    [
        {"model": "beta-binomial", "fit": "bayes"},
        {"model": "inverse-variance", "interval": "credible"},
        {"model": "inverse-variance", "tau2": "none", "prediction": "t(k-1)"},
        {"fit": "bayes", "interval": "t"},
        {"tau2": "dl"},
        {"scale": "arcsine"},
        {"model": "pooled-counts", "zero": "all"},
        {"level": 1.0},
        {"level": 95},
        {"tau_prior": 0.0},
    ],
)
def test_what_does_not_go_together_is_refused(choices):
    with pytest.raises(ToolkitError):
        Method(**choices)


def test_a_method_is_equal_by_value_and_says_itself_in_full():
    assert Method() == Method(interval="profile-bartlett", prediction="posterior")
    assert Method(fit="bayes").to_dict()["interval"] == "credible"


def test_the_words_are_those_that_the_numerics_know():
    # Every word reaches a function, and every function is reached by a word.
    assert {*CHOICES["tau2"]} == {*tau2.METHODS, "none"}
    assert {*CHOICES["zero"]} == {*effects.ZERO_RULES}
    assert {*CHOICES["scale"]} == {*effects.SCALES, *SCALES}
    assert {*CHOICES["approximation"]} == {*precision.APPROXIMATIONS}
    assert {*INTERVALS["inverse-variance", "ml"]} == {*inverse_variance.INTERVALS}
    assert {*PREDICTIONS["inverse-variance", "ml"]} == {*inverse_variance.PREDICTIONS} - {
        "as-interval"
    }


def test_every_word_goes_with_some_model_and_has_a_name():
    assert INTERVALS.keys() == PREDICTIONS.keys()
    assert {model for model, _ in INTERVALS} == {*CHOICES["model"]}
    assert {fit for _, fit in INTERVALS} == {*CHOICES["fit"]}
    assert {word for words in INTERVALS.values() for word in words} == {*CHOICES["interval"]}
    known = {word for words in PREDICTIONS.values() for word in words}
    assert known | {"default"} == {*CHOICES["prediction"]}
    assert INTERVAL_NAMES.keys() == {*CHOICES["interval"]}
    for (model, fit), intervals in INTERVALS.items():
        for interval in intervals:
            words = Method(model=model, fit=fit, interval=interval).in_words
            assert words.endswith(INTERVAL_NAMES[interval])
