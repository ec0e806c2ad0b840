"""The R script of an inverse-variance pool: metafor's fit of the same data, with its limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...methods.intervals import PREDICTION_METHODS
from ...results.rcode import definitions, interval, lacks, limits, rma
from ...results.rtext import data_frame, number, vector
from ...results.studies import Studies


def script(
    data: str,
    *,
    method: str,
    ci: str,
    prediction: str | None,
    level: float,
    tau2: float,
    given: bool = False,
    weights: Iterable[Any] | None = None,
    inverse: str = "",
) -> str:
    """Return the script.

    Parameters
    ----------
    data
        R statements that make ``dat`` with study, yi and vi.
    method, ci, prediction, level
        Of the pool; `prediction` None without a prediction interval.
    tau2, given
        The variance between trials, and whether it was known from elsewhere.
    weights
        Weights of the user's.
    inverse
        R function of the natural scale.
    """
    own = f", weights = {vector(weights)}" if weights is not None else ""
    other = PREDICTION_METHODS[prediction].ci if prediction else None
    lines, answer = interval(ci)
    return "\n".join([
        "library(metafor)",
        data,
        *definitions(ci, other),
        *lacks(method, ci),
        f"res <- {rma(method, ci, level, number(tau2), given=given, extra=own)}",
        "print(res, digits = 6)" + ("" if answer == "res" else f"  # its own interval is Wald's; {ci} below"),
        *lines,
        *limits(answer, prediction, inverse),
    ])  # fmt: skip


def estimate_of(ci: str, estimate: float, se: float) -> str:
    """Return the R expression of the estimate and its standard error, once the script has run; or the numbers."""
    answer = interval(ci)[1]
    return vector([estimate, se]) if lacks("", ci) else f"c({answer}$beta, {answer}$se)"


def data_of(studies: Studies) -> str:
    """Return the R statement that makes ``dat`` of trials."""
    return data_frame("dat", {"study": studies.labels, "yi": studies.yi, "vi": studies.vi})
