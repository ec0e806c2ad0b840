"""The R script, data inline, by which a second programmer checks a result with metafor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..pooling.regression.result import RegressionResult
    from .pooled import PooledResult

R_TEST = {"wald": "z", "t": "t", "HKSJ": "knha", "HKSJ-adhoc": "adhoc", "HC": "z"}
# metafor stops its iterations early by default; with these it arrives at the same digits
CONTROL = {"PM": "list(tol=1e-12, maxiter=1000)", "PMM": "list(tol=1e-12, maxiter=1000)"}
ITERATED = "list(threshold=1e-12, maxiter=1000)"


def vector(values: Iterable[Any]) -> str:
    """Return values as an R vector, numbers in full precision."""
    return f"c({', '.join(_atom(v) for v in values)})"


def _atom(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(float(value)).removesuffix(".0")


def data_frame(name: str, columns: dict[str, Iterable[Any]]) -> str:
    """Return the R statement that makes a data frame."""
    body = ",\n".join(f"  {column} = {vector(values)}" for column, values in columns.items())
    return f"{name} <- data.frame(\n{body}\n)"


def rma(method: str, ci: str, level: float, extra: str = "") -> str:
    """Return the call of metafor's rma on the data frame ``dat``."""
    control = CONTROL.get(method, ITERATED)
    return (
        f'rma(yi, vi, data = dat, slab = study, method = "{method}", test = "{R_TEST[ci]}", '
        f"level = {100 * level:g}{extra},\n           control = {control})"
    )


def inverse_variance(result: PooledResult, data: str | None = None) -> str:
    """Return the script of an inverse-variance pool; `data` are lines that make ``dat``, if not its trials."""
    s = result.studies
    data = data or data_frame("dat", {"study": s.labels, "yi": s.yi, "vi": s.vi})
    if result.ci == "KR":  # not in metafor
        call = 'metagen(yi, sqrt(vi), studlab = study, data = dat, method.tau = "REML", method.random.ci = "KR",'
        return (
            f"library(meta)\n{data}\nres <- {call}\n               level.ma = {result.level:g})\nprint(res, digits = 6)"
        )
    given = f", tau2 = {result.tau2!r}" if result.provenance.settings["tau2"] is not None else ""
    if result.method == "GENQ":
        given = f", weights = {vector(s.data[result.provenance.settings['weights']])}"
    lines = [
        "library(metafor)",
        data,
        f"res <- {rma(result.method, result.ci, result.level, given)}",
        *(["hc(res, digits = 6)"] if result.ci == "HC" else ["print(res, digits = 6)", "predict(res, digits = 6)"]),
    ]
    return "\n".join(lines)


R_COUNTS = {
    "PLO": {"events": "xi", "n": "ni"},
    "IRLN": {"events": "xi", "time": "ti"},
    "OR": {"events_t": "ai", "n_t": "n1i", "events_c": "ci", "n_c": "n2i"},
    "IRR": {"events_t": "x1i", "time_t": "t1i", "events_c": "x2i", "time_c": "t2i"},
}
R_INVERSE = {"PLO": "transf.ilogit"}  # of all others exp


def _counts(result: PooledResult) -> str:
    s = result.studies
    columns = {name: s.data[s.roles[role]] for role, name in R_COUNTS[result.measure].items()}
    return data_frame("dat", {"study": s.labels, **columns})


def glmm(result: PooledResult, points: int, model: str = "") -> str:
    """Return the script of a mixed model of counts; of an exact interval, R's own test."""
    data = _counts(result)
    names = list(R_COUNTS[result.measure].values())
    if result.ci == "exact":
        test = "binom" if result.measure == "PLO" else "poisson"
        return f"{data}\n{test}.test({', '.join(f'sum(dat${n})' for n in names)}, conf.level = {result.level:g})"
    options = [f'test = "{R_TEST[result.ci]}"', f"level = {100 * result.level:g}"]
    exact = (result.measure, model) == ("OR", "CM.EL")  # integrated by R's own integrate()
    options += ([f'model = "{model}"'] if model else []) + ([] if exact or points == 1 else [f"nAGQ = {points}"])
    # by default glmer's inner iterations stop so early that its standard errors can be far off
    options += ["control = list(glmerCtrl = list(tolPwrss = 1e-11))"] if model == "UM.RS" else []
    given = ", ".join(f"{n} = {n}" for n in names)
    lines = [
        "library(metafor)",
        *(["# needs the package BiasedUrn"] if exact else []),
        *(["# R has Laplace's approximation only, and differs"] if model == "UM.RS" and points > 1 else []),
        data,
        f'res <- rma.glmm(measure = "{result.measure}", {given}, data = dat, slab = study,',
        f"                {', '.join(options)})",
        "print(res, digits = 6)",
        f"predict(res, transf = {R_INVERSE.get(result.measure, 'exp')}, digits = 6)",
    ]
    return "\n".join(lines)


BETA_BINOMIAL = """ll <- function(t) {
  m <- plogis(t[1]); s <- 1 / plogis(t[2]) - 1; a <- m * s; b <- (1 - m) * s
  sum(lchoose(dat$ni, dat$xi) + lbeta(dat$xi + a, dat$ni - dat$xi + b) - lbeta(a, b))
}
start <- c(qlogis(sum(dat$xi) / sum(dat$ni)), qlogis(0.1))
res <- optim(start, ll, method = "BFGS", hessian = TRUE, control = list(fnscale = -1, reltol = 1e-15))
est <- res$par[1]; se <- sqrt(solve(-res$hessian)[1, 1]); rho <- plogis(res$par[2]); loglik <- res$value"""
BINOMIAL = """res <- glm(cbind(xi, ni - xi) ~ 1, family = binomial, data = dat, control = list(epsilon = 1e-14))
est <- coef(res)[[1]]; se <- sqrt(vcov(res)[1, 1]); rho <- 0; loglik <- c(logLik(res))"""
PROFILE = """pl <- function(m) optimize(function(r) ll(c(m, r)), c(-12, 8), maximum = TRUE, tol = 1e-10)$objective
fall <- function(m) pl(m) - loglik + qchisq(level, 1) / 2
ci <- c(uniroot(fall, c(est - 6 * se, est), tol = 1e-10)$root, uniroot(fall, c(est, est + 6 * se), tol = 1e-10)$root)"""


def beta_binomial(result: PooledResult, rho: float) -> str:
    """Return a script that maximises the beta-binomial likelihood with R's own functions."""
    if result.ci == "exact":
        return glmm(result, 1)
    body = BETA_BINOMIAL
    if rho == 0:  # where beta functions have no value
        body = BETA_BINOMIAL.split("\nstart")[0] + "\n" + BINOMIAL
    interval = PROFILE if result.ci == "profile" else "ci <- est + c(-1, 1) * qnorm((1 + level) / 2) * se"
    shown = "print(c(rate = plogis(est), low = plogis(ci[1]), high = plogis(ci[2]), rho = rho, loglik = loglik))"
    return "\n".join([_counts(result), f"level <- {result.level:g}", body, interval, shown])


def regression(result: RegressionResult) -> str:
    """Return the script of a meta-regression, with the design matrix as data so that codings cannot differ."""
    s, names = result.studies, [f"x{i}" for i in range(result.design.x.shape[1])]
    columns = dict(zip(names, result.design.x.T, strict=True))
    terms = "\n".join(f"# {name}: {term}" for name, term in zip(names, result.design.names, strict=True))
    tested = ", ".join(str(i + 1) for i, name in enumerate(result.design.names) if name != "intercept") or "1"
    moderators = f", mods = ~ {' + '.join(names)} - 1, btt = c({tested})"
    known = result.ci if result.ci in R_TEST else "wald"
    lines = [
        "library(metafor)",
        f"# {result.formula}",
        *(
            []
            if known == result.ci
            else [f"# {result.ci} is not in metafor: coefficients and tau² agree, intervals do not"]
        ),
        terms,
        data_frame("dat", {"study": s.labels, "yi": s.yi, "vi": s.vi, **columns}),
        f"res <- {rma(result.method, known, result.level, moderators)}",
        "print(res, digits = 6)",
    ]
    return "\n".join(lines)
