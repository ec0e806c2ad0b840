"""What R scripts are made of: data, comments and strings, metafor's fit, and the limits that a result prints.

The script of each model stands beside the model; it is made of numbers and names, not of results. R does what it has a
name for (traits of the records of methods); for the rest a comment says what R lacks, and the script still runs.
"""

from __future__ import annotations

from ...base.digits import in_percent
from ..methods.intervals import CI_METHODS, PREDICTION_METHODS
from ..methods.tau2 import GENQ, SCORING, TAU2_METHODS, is_common
from .rtext import comment, string


def rma(
    method: str,
    ci: str,
    level: float,
    tau2: str,
    *,
    given: bool = False,
    extra: str = "",
    data: str = "dat",
    test: str | None = None,
) -> str:
    """Return the call of metafor's rma on a data frame with yi, vi and study.

    Parameters
    ----------
    method, ci
        Codes in ``TAU2_METHODS`` (or GENQ) and ``CI_METHODS``. Without a name for the interval in R, the fit is
        Wald's.
    level
        Of the interval.
    tau2
        An R expression of tau², which is used where it is given, or R cannot estimate it by this method.
    given
        Whether tau² is known from elsewhere.
    extra
        Further arguments, after a comma.
    data
        Name of the data frame.
    test
        An R expression in place of the name that metafor's `test` has for the interval.
    """
    test = test or string(CI_METHODS[ci].r_test or "z")
    record = TAU2_METHODS.get(method)
    name, control = (record.r_method, record.r_control) if record else (GENQ, SCORING)
    if given or name is None:
        extra = f", tau2 = {tau2}{extra}"
        name = "ML" if name is None or is_common(method) else name  # with tau² known, as good as any
    return (
        f'rma(yi, vi, data = {data}, slab = study, method = "{name}", test = {test}, '
        f"level = {in_percent(level)}{extra},\n           control = {control})"
    )


def definitions(*codes: str | None) -> list[str]:
    """Return the R functions that these intervals need and metafor does not have, each after a comment."""
    records = [CI_METHODS[code] for code in dict.fromkeys(codes) if code is not None]
    return [record.r_definition for record in records if record.r_definition]


def lacks(method: str, ci: str) -> list[str]:
    """Return a line of comment for each of the two that R does not have."""
    record, interval = TAU2_METHODS.get(method), CI_METHODS[ci]
    lines = []
    if record is not None and record.r_method is None:
        lines.append(comment(f"{record.code} ({record.label}) is not in metafor: tau² is given as a number"))
    if interval.r_test is None and not interval.r_function:
        lines.append(comment(f"{ci} ({interval.label}) is not in metafor: the interval here is Wald's, and differs"))
    return lines


def interval(ci: str) -> tuple[list[str], str]:
    """Return the lines that make a confidence interval of the fit ``res``, and the name of what then holds it.

    That has beta, se, ci.lb and ci.ub, as ``res`` itself has them.
    """
    function = CI_METHODS[ci].r_function
    return ([f"own <- {function}(res)"], "own") if function else ([], "res")


def limits(answer: str, prediction: str | None, inverse: str = "") -> list[str]:
    """Return the lines that make and print estimate, confidence limits and prediction limits, as ``limits``.

    Parameters
    ----------
    answer
        What holds beta, se, ci.lb and ci.ub.
    prediction
        Code in ``PREDICTION_METHODS``; None without a prediction interval.
    inverse
        R function of the natural scale, on which they are printed as well.
    """
    first = f"limits <- c(estimate = c({answer}$beta), ci_low = {answer}$ci.lb, ci_high = {answer}$ci.ub)"
    natural = [f"print({inverse}(limits), digits = 8)  # on the natural scale"] if inverse else []
    return [first, *(_predicted(answer, prediction) if prediction else []), "print(limits, digits = 8)", *natural]


def _predicted(answer: str, prediction: str) -> list[str]:
    """Return the lines that add a prediction interval to ``limits``, or the comment that R has none such."""
    record = PREDICTION_METHODS[prediction]
    source = CI_METHODS[record.ci] if record.ci else None
    if record.own_limits is not None or (source and not (source.r_test or source.r_function)):
        return [comment(f"prediction interval: {record.label} ({prediction}) is not in R")]
    lines, se, df = [comment(f"prediction interval: {record.label}")], f"{answer}$se", "res$k - 1"
    if source is not None and source.r_function:
        lines.append(f"other <- {source.r_function}(res)")
        se, df = "other$se", "other$ddf"
    elif source is not None:
        lines.append(f'other <- rma(yi, vi, data = dat, tau2 = res$tau2, test = "{source.r_test}")')
        se = "other$se"
    tail = "1 - res$level / 2"
    lost = f" - {record.lost}" if record.lost else ""
    quantile = f"qnorm({tail})" if record.is_normal else f"qt({tail}, {df}{lost})"
    return [
        *lines,
        f"half <- {quantile} * sqrt(res$tau2 + {se}^2)",
        f"limits <- c(limits, prediction_low = c({answer}$beta) - half, prediction_high = c({answer}$beta) + half)",
    ]
