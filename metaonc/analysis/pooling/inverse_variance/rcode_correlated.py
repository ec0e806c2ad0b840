"""The R script of a pool of effects whose sampling errors are correlated: metafor's rma.mv with their covariances."""

from __future__ import annotations

from ...methods.intervals import CI_METHODS, PREDICTION_METHODS
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric.mixed_model import R_CONTROL
from ...numeric.wls import Floats
from ...results.rtext import comment, number, string, vector

# rma.mv has no interval of Hartung and Knapp: its formula, with Q by generalised least squares
HARTUNG_KNAPP = """\
hartung_knapp <- function(res, least) {
  M <- V + diag(tau2, res$k)
  e <- dat$yi - c(res$beta)
  se <- res$se * sqrt(max(least, sum(e * solve(M, e)) / (res$k - 1)))
  half <- qt(1 - res$level / 2, res$k - 1) * se
  list(beta = res$beta, se = se, ci.lb = c(res$beta) - half, ci.ub = c(res$beta) + half)
}"""
LEAST = {"HKSJ": "0", "HKSJ-adhoc": "1"}  # of the factor by which the variance is scaled


def script(
    data: str,
    covariance: Floats,
    *,
    method: str,
    ci: str,
    prediction: str | None,
    level: float,
    tau2: float,
    given: bool,
    inverse: str,
) -> str:
    """Return the script.

    Parameters
    ----------
    data
        R statements that make ``dat`` with study, yi and vi.
    covariance
        Sampling covariances, (k, k).
    method, ci, prediction, level, tau2, given, inverse
        As those of the script of independent effects.
    """
    wanted = [code for code in (ci, PREDICTION_METHODS[prediction].ci if prediction else None) if code in LEAST]
    k = len(covariance)
    return "\n".join([
        "library(metafor)",
        data,
        f"V <- matrix({vector(covariance.ravel())}, {k}, {k})",
        "dat$row <- seq_len(nrow(dat))",
        *_fit(method, ci, level, tau2, given),
        "print(res, digits = 6)" + (f"  # its own interval is Wald's with t; {ci} below" if ci in LEAST else ""),
        *([comment("Hartung and Knapp's interval is not in rma.mv: its formula"), HARTUNG_KNAPP] if wanted else []),
        *([f"own <- hartung_knapp(res, {LEAST[ci]})"] if ci in LEAST else []),
        *_limits(answer(ci), prediction, inverse),
    ])  # fmt: skip


def _fit(method: str, ci: str, level: float, tau2: float, given: bool) -> list[str]:
    """Return the lines that make the fit ``res`` and ``tau2``."""
    record = TAU2_METHODS[method]
    common = is_common(method) and not given
    known = given or record.likelihood is None
    random = "" if common else ", random = ~ 1 | row" + (f", sigma2 = {number(tau2)}" if known else "")
    lines = []
    if known and not given and not common:
        lines.append(comment(f"{method} ({record.label}) is not in rma.mv: tau² is given as a number"))
    name = string(method if record.likelihood else "ML")  # with tau² known, as good as any
    return [
        *lines,
        f'res <- rma.mv(yi, V{random}, data = dat, slab = study, method = {name},',
        f'              test = "{"z" if CI_METHODS[ci].is_normal else "t"}", level = {100 * level:g}, '
        f"control = {R_CONTROL})",
        f"tau2 <- {'0' if common else 'res$sigma2'}",
    ]  # fmt: skip


def answer(ci: str) -> str:
    """Return the name of what holds estimate and limits once the script has run."""
    return "own" if ci in LEAST else "res"


def _limits(source: str, prediction: str | None, inverse: str) -> list[str]:
    lines = [f"limits <- c(estimate = c({source}$beta), ci_low = {source}$ci.lb, ci_high = {source}$ci.ub)"]
    if prediction is not None:
        record = PREDICTION_METHODS[prediction]
        se = f"{source}$se" if record.ci is None else "res$se"
        if record.ci in LEAST:
            se = f"hartung_knapp(res, {LEAST[record.ci]})$se"
        tail = "1 - res$level / 2"
        quantile = f"qnorm({tail})" if record.is_normal else f"qt({tail}, res$k - {1 + record.lost})"
        lines += [
            comment(f"prediction interval: {record.label}"),
            f"half <- {quantile} * sqrt(tau2 + {se}^2)",
            f"limits <- c(limits, prediction_low = c({source}$beta) - half, prediction_high = c({source}$beta) + half)",
        ]
    natural = [f"print({inverse}(limits), digits = 8)  # on the natural scale"] if inverse else []
    return [*lines, "print(limits, digits = 8)", *natural]
