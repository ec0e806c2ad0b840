"""The R script of Copas and Shi's model: the likelihood written out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...results.rtext import data_frame, number, vector

SCRIPT = """\
y <- {sign} * dat$yi
s <- sqrt(dat$vi)
minus <- function(theta, u) {{  # {what}
  mills <- exp(dnorm(u, log = TRUE) - pnorm(u, log.p = TRUE))
  sigma2 <- s^2 / (1 - mills * (u + mills) * theta[2]^2)
  total <- {tau2} + sigma2
  r <- theta[2] * sqrt(sigma2 / total)
  v <- (u + r * (y - theta[1]) / sqrt(total)) / sqrt(1 - r^2)
  -sum(dnorm(y, theta[1], sqrt(total), log = TRUE) - pnorm(u, log.p = TRUE) + pnorm(v, log.p = TRUE))
}}
lower <- c(-Inf, {least}{zero})
upper <- c(Inf, 0.9999{most})
fit <- function(u) {{
  starts <- lapply({rhos}, function(rho) c({mean}, rho{tau}))
  fits <- lapply(starts, optim, minus, u = u, method = "L-BFGS-B", lower = lower, upper = upper,
                 control = list(factr = 1, pgtol = 0, maxit = 5000, parscale = c(0.1, 1{size})))
  edge <- sapply(fits, function(f) abs(f$par[2]) >= 0.9999)  # no maximum: last
  best <- fits[[which.min(sapply(fits, `[[`, "value") + 1e6 * edge)]]
  inside <- which(best$par > lower & best$par < upper)  # what is at a bound is held there
  minus_inside <- function(x) {{ best$par[inside] <- x; minus(best$par, u) }}
  hessian <- optimHess(best$par[inside], minus_inside, control = list(ndeps = rep(1e-4, length(inside))))
  se <- if (abs(best$par[2]) >= 0.9999) NA else sqrt(solve(hessian)[1, 1])  # no maximum, no interval
  c(estimate = {sign} * best$par[1], rho = {sign} * best$par[2], loglik = -best$value, se = se)
}}
gamma0 <- {gamma0}
gamma1 <- {gamma1}
curve <- sapply(seq_along(gamma0), function(i) {{
  u <- gamma0[i] + gamma1[i] / s
  c(fit(u), unpublished = sum(pnorm(-u) / pnorm(u)))
}})
line <- function(theta) -sum(dnorm(y, theta[1] + theta[2] * s, sqrt({line_tau2} + s^2), log = TRUE))  # no selection
line <- optim({line_start}, line, method = "BFGS", control = list(reltol = 1e-15, maxit = 5000))
p_residual <- pchisq(pmax(2 * (-line$value - curve["loglik", ]), 0), 1, lower.tail = FALSE)
print(t(rbind(gamma0, gamma1, curve, p_residual)), digits = 6)"""


def script(
    labels: Iterable[str], yi: Iterable[float], vi: Iterable[float], pairs: np.ndarray, *, tau2: float | None,
    alternative: str, start: tuple[float, float],
) -> str:  # fmt: skip
    """Return the script of a curve.

    Parameters
    ----------
    labels, yi, vi
        The trials, their effects and variances.
    pairs
        gamma0 and gamma1, (m, 2).
    tau2
        Where it is given, 0 of a common effect.
    alternative
        As in ``copas``.
    start
        Mean and tau² without selection.
    """
    sign = -1.0 if alternative == "less" else 1.0
    both = alternative == "two-sided"
    slope, tau = "coef(lm(y ~ s, weights = 1 / s^2))", number(max(start[1], 0.01) ** 0.5)
    free = tau2 is None
    made = SCRIPT.format(
        sign=number(sign), what="mean, rho, tau" if free else "mean, rho", size=", 0.1" if free else "",
        tau2="theta[3]^2" if free else number(tau2 or 0.0), least="-0.9999" if both else "0",
        zero=", 0" if free else "", most=", Inf" if free else "", tau=f", {tau}" if free else "",
        rhos=vector([0.1, 0.5, 0.9, *([-0.1, -0.5, -0.9] if both else [])]), mean=number(sign * start[0]),
        gamma0=vector(pairs[:, 0]), gamma1=vector(pairs[:, 1]), line_tau2="theta[3]^2" if free else number(tau2 or 0.0),
        line_start=f"c({slope}, {tau})" if free else slope,
    )  # fmt: skip
    return "\n".join([data_frame("dat", {"study": labels, "yi": yi, "vi": vi}), made])
