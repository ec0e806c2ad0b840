"""The R script, data inline and without packages, by which a second programmer checks a Bayesian pool."""

from __future__ import annotations

from ...results import rtext
from ...results.studies import Studies
from .priors import Normal, TauPrior

SCRIPT = """prior <- {prior}  # density of tau
extra <- {extra}; centre <- {centre}  # precision and mean of the prior of mu
given <- function(tau) {{  # log posterior density of tau, mean and sd of mu
  w <- 1 / (dat$vi + tau^2)
  V <- 1 / (sum(w) + extra)
  m <- V * (sum(w * dat$yi) + extra * centre)
  q <- sum(w * (dat$yi - m)^2) + extra * (m - centre)^2
  c(log(prior(tau)) + (sum(log(w)) + log(V) - q) / 2, m, sqrt(V))
}}
# the trapezoidal rule over u = log(tau), where the density is smooth and falls to 0 at both ends
scales <- c(sqrt(dat$vi), {size})
u <- seq(log(min(scales)) - 30, log(max(scales, diff(range(dat$yi)))) + 20, by = 0.002)
g <- sapply(exp(u), given)
peak <- max(g[1, ])
mass <- exp(g[1, ] - peak + u)
total <- 0.002 * sum(mass)
cdf <- function(x, new) sum(mass * pnorm(x, g[2, ], sqrt(g[3, ]^2 + new * exp(2 * u)))) / sum(mass)
density <- function(u) sapply(u, function(a) exp(given(exp(a))[1] - peak + a)) / total
cut <- function(a) c(seq(u[1], a, by = 0.5), a)
piece <- function(from, to) integrate(density, from, to, rel.tol = 1e-10, stop.on.error = FALSE)$value
cdf_tau <- function(a) sum(mapply(piece, head(cut(a), -1), tail(cut(a), -1)))
root <- function(f, p, range) uniroot(function(x) f(x) - p, range, tol = 1e-12)$root
p <- c({low}, 0.5, {high})
wide <- function(new) range(outer(c(-9, 9), sqrt(g[3, ]^2 + new * exp(2 * u))[mass > 1e-12 * max(mass)]), dat$yi) * 2
mu <- sapply(p, function(p) root(function(x) cdf(x, 0), p, wide(0)))
new <- sapply(p, function(p) root(function(x) cdf(x, 1), p, wide(1)))
tau <- exp(sapply(p, function(p) root(cdf_tau, p, range(u[mass > 1e-12 * max(mass)]))))
print(rbind(mu, tau, new), digits = 10)  # low, median, high"""

MEDIAN_AND_SD = "c(mu[2], sqrt(sum(mass * (g[3, ]^2 + (g[2, ] - sum(mass * g[2, ]) / sum(mass))^2)) / sum(mass)))"


def script(studies: Studies, tau_prior: TauPrior, mu_prior: Normal | None, level: float) -> str:
    """Return the script: the same posterior on a fine grid."""
    data = rtext.data_frame("dat", {"study": studies.labels, "yi": studies.yi, "vi": studies.vi})
    body = SCRIPT.format(
        prior=tau_prior.r_code(),
        extra=f"{rtext.number(mu_prior.sd)}^-2" if mu_prior else "0",
        centre=rtext.number(mu_prior.mean) if mu_prior else "0",
        size=rtext.number(tau_prior.size),
        low=rtext.number((1 - level) / 2),
        high=rtext.number((1 + level) / 2),
    )
    return f"{data}\n{body}"
