"""Which options of a pool go together."""

from __future__ import annotations

from numbers import Real

import numpy as np

from ....base.check import one_of
from ....errors import OptionError
from ...methods.intervals import CI_METHODS, PREDICTION_METHODS
from ...methods.tau2 import GENQ, TAU2_METHODS


def check_options(method: str, ci: str, prediction: str | None, tau2: float | None, weights: str | None) -> None:
    """Raise an OptionError where options of a pool do not exist or do not go together."""
    one_of("method", method, [*TAU2_METHODS, GENQ])
    interval = CI_METHODS[one_of("ci", ci, CI_METHODS)]
    interval.check(method)
    predicted = None if prediction is None else PREDICTION_METHODS[one_of("prediction", prediction, PREDICTION_METHODS)]
    if predicted and predicted.ci:
        CI_METHODS[predicted.ci].check(method)
    if tau2 is not None and (isinstance(tau2, bool) or not isinstance(tau2, Real) or not 0 <= tau2 < np.inf):
        raise OptionError(f"tau2={tau2!r} is a variance: it must be a number from 0.")
    if (method == GENQ) != (weights is not None):
        raise OptionError(f"weights= names a column of weights for method={GENQ!r}: give both or neither.")
    if weights is not None and not (interval.any_weights and (predicted is None or predicted.any_weights)):
        fit_for = " or ".join(repr(code) for code, record in CI_METHODS.items() if record.any_weights)
        raise OptionError(f"with weights of your own the intervals are {fit_for}.")


def check_correlated(method: str, ci: str, prediction: str | None, both: bool) -> None:
    """Raise an OptionError where an option is not defined for correlated sampling errors."""
    if both:
        raise OptionError("covariance= holds all covariances, those of shared= too: give one of both.")
    one_of("method (with correlated errors)", method, [m.code for m in TAU2_METHODS.values() if m.takes_covariance])
    one_of("ci (with correlated errors)", ci, [m.code for m in CI_METHODS.values() if m.takes_covariance])
    if prediction is not None:
        found = PREDICTION_METHODS.values()
        one_of("prediction (with correlated errors)", prediction, [m.code for m in found if m.takes_covariance])
