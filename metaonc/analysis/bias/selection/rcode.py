"""The R scripts of models of selection: metafor's ``selmodel``, and the likelihood written out where it has none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ...results.rcode import rma
from ...results.rtext import comment, data_frame, number, string, vector

# metafor's own tolerances move the third digit
TIGHT = "reltol = 1e-14, maxit = 5000"
EXACT = f"{TIGHT}, intCtrl = list(rel.tol = 1e-9, subdivisions = 2000)"
CLIPPED = 1e-12  # metafor cannot integrate the beta weight without

# The likelihoods that metafor does not have, or not in all its versions.
OWN = """\
sign <- {sign}
y <- sign * dat$yi
minus <- function(theta, mu = theta[1], tau2 = {tau2}) {{
  sd <- sqrt(dat$vi + tau2)
{body}
}}
fit <- optim({start}, minus, method = "BFGS", hessian = TRUE, control = list(reltol = 1e-15, maxit = 5000))"""


def selection(
    labels: Iterable[str],
    yi: Iterable[float],
    vi: Iterable[float],
    sizes: Iterable[float] | None,
    *,
    method: str,
    level: float,
    tau2: float | None,
    function: str,
    steps: Sequence[float],
    delta: Sequence[float] | None,
    alternative: str,
    precision: str | None,
    p_min: float,
    start: tuple[float, float],
) -> str:
    """Return the script of a selection model.

    Parameters
    ----------
    labels, yi, vi, sizes
        The trials, their effects and variances; their patients where precision is made of them.
    method, level, tau2
        Of the pool; tau² where it is given.
    function, steps, delta, alternative, precision, p_min
        As in ``selection_model``.
    start
        Mean and tau² without selection.
    """
    columns = {"study": labels, "yi": yi, "vi": vi} | ({} if sizes is None else {"ni": sizes})
    data = data_frame("dat", columns)
    if function == "trunc":
        return _truncated(data, 0.0 if method == "CE" else tau2, delta, alternative, start)
    extra = "" if sizes is None else ", ni = ni"
    options = [f"type = {string(function)}", f'alternative = "{alternative.replace("-", ".")}"']
    options += [f"steps = {vector(steps)}"] if steps else []
    options += [f"delta = {vector(delta)}"] if delta is not None else []
    options += [f"prec = {string(precision)}"] if precision else []
    control = [TIGHT if function == "stepfun" or (p_min and function == "beta") else EXACT]
    if function == "beta" or p_min or function == "power":
        control.append(f"pval.min = {number(p_min or (CLIPPED if function == 'beta' else 0))}")
    note = "metafor cannot integrate this weight up to p = 0: it is cut there, so that later digits differ"
    return "\n".join([
        "library(metafor)  # and numDeriv, for standard errors",
        data,
        *([comment(note)] if function == "beta" and not p_min else []),
        f"res <- {rma(method, 'wald', level, number(tau2 or 0.0), given=tau2 is not None, extra=extra)}",
        f"sel <- selmodel(res, {', '.join(options)},\n                control = list({', '.join(control)}))",
        "print(sel, digits = 6)",
    ])  # fmt: skip


def _truncated(
    data: str, tau2: float | None, delta: Sequence[float] | None, alternative: str, start: tuple[float, float]
) -> str:
    """Return the script of weights by the side of the effect: `delta` and `tau2` where they are given."""
    sign = 1.0 if alternative == "greater" else -1.0
    given = delta is not None and delta[1] == delta[1]
    weight = number(delta[1]) if given and delta is not None else f"exp(theta[{3 if tau2 is None else 2}])"
    body = f"""\
  weight <- {weight}
  above <- pnorm(mu / sd)
  -sum(dnorm(y, mu, sd, log = TRUE) + log(ifelse(y > 0, 1, weight)) - log(above + weight * (1 - above)))"""
    first = [sign * start[0], *([_log(start[1])] if tau2 is None else []), *([] if given else [0.0])]
    theirs = "exp(theta[2])" if tau2 is None else number(tau2)
    own = OWN.format(sign=number(sign), tau2=theirs, body=body, start=vector(first))
    shown = f"estimate = sign * theta[1], se = sqrt(solve(fit$hessian)[1, 1]), tau2 = {theirs}, weight = {weight}"
    return "\n".join([data, own, "theta <- fit$par", f"found <- c({shown})", "print(found, digits = 8)"])


def p_uniform(
    labels: Iterable[str], yi: Iterable[float], vi: Iterable[float], *, tau2: float | None, alpha: float, level: float,
    alternative: str, start: tuple[float, float],
) -> str:  # fmt: skip
    """Return the script of p-uniform*, with its profile interval and its test of no effect.

    Parameters
    ----------
    labels, yi, vi
        The trials, their effects and variances.
    tau2
        Where it is given, 0 of a common effect.
    alpha, level, alternative
        As in ``p_uniform``.
    start
        Mean and tau² without selection.
    """
    sign = 1.0 if alternative == "greater" else -1.0
    body = f"""\
  cut <- qnorm({number(alpha / 2)}, lower.tail = FALSE) * sqrt(dat$vi)
  chance <- ifelse(y >= cut, pnorm(cut, mu, sd, lower.tail = FALSE, log.p = TRUE), pnorm(cut, mu, sd, log.p = TRUE))
  -sum(dnorm(y, mu, sd, log = TRUE) - chance)"""
    first = [sign * start[0], *([_log(start[1])] if tau2 is None else [])]
    theirs = "exp(theta[2])" if tau2 is None else number(tau2)
    profile = ("optimize(function(x) minus(mu = mu, tau2 = exp(x)), c(-30, 10), tol = 1e-10)$objective"
               if tau2 is None else "minus(mu = mu)")  # fmt: skip
    return "\n".join([
        data_frame("dat", {"study": labels, "yi": yi, "vi": vi}),
        OWN.format(sign=number(sign), tau2=theirs, body=body, start=vector(first)),
        f"deviance <- function(mu) 2 * ({profile} - fit$value)",
        f"beyond <- function(mu) deviance(mu) - qchisq({number(level)}, 1)",
        "top <- fit$par[1]",
        "ends <- sign * c(uniroot(beyond, c(top - 1, top), extendInt = \"downX\", tol = 1e-10)$root,",
        "                 uniroot(beyond, c(top, top + 1), extendInt = \"upX\", tol = 1e-10)$root)",
        "theta <- fit$par",
        f"found <- c(estimate = sign * top, ci_low = min(ends), ci_high = max(ends), tau2 = {theirs},",
        "           lr = deviance(0), p = pchisq(deviance(0), 1, lower.tail = FALSE))",
        "print(found, digits = 8)",
    ])  # fmt: skip


def _log(tau2: float) -> float:
    return math.log(max(tau2, 1e-4))
