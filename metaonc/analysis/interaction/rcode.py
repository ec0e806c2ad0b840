"""The R scripts by which metafor arrives at differences within trials and at the floating effects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...base.digits import in_percent
from ..methods.intervals import CI_METHODS
from ..methods.tau2 import TAU2_METHODS, is_common, is_restricted
from ..numeric.mixed_model import R_CONTROL
from ..numeric.wls import Floats
from ..pooling.inverse_variance import rcode as pool
from ..results.rtext import data_frame, vector
from .rows import Reports

PLACES = """\
rows$place <- match(rows$level, levels)
rows$trial <- factor(rows$study, unique(rows$study))"""
DIFFERENCES = """\
# differences within the trials that report both levels
one <- rows[rows$place == 2, ]
other <- rows[rows$place == 1, ]
one <- one[one$study %in% other$study, ]
other <- other[match(one$study, other$study), ]
dat <- data.frame(study = one$study, yi = one$yi - other$yi, vi = one$vi + other$vi)
dat <- dat[order(match(dat$study, levels(rows$trial))), ]"""
TWO_COEFFICIENTS = """\
# its variance as the model has it, whatever the interval
w <- 1 / (dat$vi + WEIGHED)
gamma <- sum(w * dat$yi) / sum(w)
gamma_cov <- matrix(sum(w^2 * (dat$vi + TAU2)) / sum(w)^2)"""
# orthonormal contrasts, so that the likelihood is that of metaonc as well
CONTRASTS = """\
# contrasts within trials
parts <- lapply(split(rows, rows$trial), function(d) {
  if (nrow(d) < 2) return(NULL)
  C <- t(contr.helmert(nrow(d)))
  C <- C / sqrt(rowSums(C^2))
  list(y = c(C %*% d$yi), V = C %*% diag(d$vi) %*% t(C), X = C %*% D[d$place, , drop = FALSE],
       trial = rep(d$study[1], nrow(C)))
})
parts <- Filter(Negate(is.null), parts)
con <- data.frame(y = unlist(lapply(parts, `[[`, "y")), trial = unlist(lapply(parts, `[[`, "trial")),
                  do.call(rbind, lapply(parts, `[[`, "X")))
con$row <- seq_len(nrow(con))
V <- bldiag(lapply(parts, `[[`, "V"))"""
LIKELIHOOD = """\
levels_vary <- function(p) {
  cross <- c(root %*% head(p, -1))
  base + outer(cross, rep(1, nrow(D))) + outer(rep(1, nrow(D)), cross) + sum(p^2)
}
deviance <- function(p) {
  W <- solve(S + same * levels_vary(p)[rows$place, rows$place])
  rest <- rows$rest - sum(W %*% rows$rest) / sum(W)
  c(sum(rest * (W %*% rest)) - determinant(W)$modulusPENALTY)
}
starts <- lapply(c(-0.5, -0.1, 0.1, 0.5), function(x) rep(c(x, 0.3), c(ncol(root), 1)))
fits <- lapply(starts, optim, deviance, method = "BFGS", control = list(reltol = 1e-15, maxit = 10000))
sigma <- levels_vary(fits[[which.min(sapply(fits, `[[`, "value"))]]$par)"""
FLOATING = """\
W <- solve(S + same * sigma[rows$place, rows$place])
theta <- sum(W %*% rows$rest) / sum(W)
A <- D - matrix(colSums(W %*% D[rows$place, , drop = FALSE]) / sum(W), nrow(D), ncol(D), byrow = TRUE)
floating <- theta + c(D %*% gamma)
floating_cov <- 1 / sum(W) + A %*% gamma_cov %*% t(A)
print(data.frame(level = levels, estimate = floating, se = sqrt(diag(floating_cov))), digits = 8)"""


def two_levels(reports: Reports, structure: str, random: bool, ingredients: dict[str, Any]) -> str:
    """Return the script: differences within trials, their pool, and the floating effects.

    Parameters
    ----------
    reports
        The rows of both levels.
    structure, random
        How effects vary between trials, and whether they do.
    ingredients
        What the script of the pool of differences takes.
    """
    ci, method = ingredients["ci"], ingredients["method"]
    tau2 = "res$tau2" if random else "0"
    weighed = "0" if CI_METHODS[ci].common_weights else tau2
    coefficients = TWO_COEFFICIENTS.replace("WEIGHED", weighed).replace("TAU2", tau2)
    design = np.array([[0.0], [1.0]])
    restricted = TAU2_METHODS[method].likelihood != "full"
    return "\n".join([
        pool.script("\n".join([*_rows(reports), DIFFERENCES]), **ingredients), *_design(design), coefficients,
        *_floating(design, structure if random else "common", restricted, "matrix(res$tau2)"),
    ])  # fmt: skip


def several_levels(reports: Reports, design: Floats, structure: str, method: str, level: float) -> str:
    """Return the script: contrasts within trials, their model, and the floating effects."""
    common = is_common(method)
    names = [f"x{i + 1}" for i in range(design.shape[1])]
    one = "~ 1 | row" if structure == "exchangeable" else f"~ 0 + {' + '.join(names)} | trial"
    random = f'\n              random = {one}, struct = "GEN",\n              control = {R_CONTROL},'
    fitted = "ML" if common else method  # without random effects: the likelihood that is reported
    q = design.shape[1]
    exchangeable = structure == "exchangeable"
    tau2 = f"res$sigma2 * (diag({q}) + 1)" if exchangeable else f"matrix(res$G, {q})"
    return "\n".join([
        "library(metafor)", *_rows(reports), *_design(design), CONTRASTS,
        f"res <- rma.mv(y, V, mods = as.matrix(con[colnames(D)]), intercept = FALSE, data = con,"
        f"{'' if common else random}",
        f'              method = "{fitted}", level = {in_percent(level)})',
        "print(res, digits = 8)", "gamma <- c(res$beta)", "gamma_cov <- res$vb",
        *_floating(design, "common" if common else structure, is_restricted(method), tau2),
    ])  # fmt: skip


def _rows(reports: Reports) -> list[str]:
    rows = reports.rows
    data: dict[str, Iterable[Any]] = {
        "study": [reports.labels[i] for i in rows.trial], "level": [reports.levels[i] for i in rows.level],
        "yi": rows.y, "vi": rows.v,
    }  # fmt: skip
    return [data_frame("rows", data), f"levels <- {vector(reports.levels)}  # the reference first", PLACES]


def _design(design: Floats) -> list[str]:
    k, q = design.shape
    names = vector(f"x{i + 1}" for i in range(q))
    return [
        "# differences from the reference, a row a level, by the coefficients",
        f"D <- matrix({vector(design.ravel())}, {k}, {q}, byrow = TRUE, dimnames = list(NULL, {names}))",
    ]


def _floating(design: Floats, structure: str, restricted: bool, tau2: str) -> list[str]:
    """Return the lines that make the floating effects; `tau2` is the covariance of the coefficients between trials."""
    return [
        "# effects of all levels that agree with the differences, from all rows",
        "rows$rest <- rows$yi - c(D[rows$place, , drop = FALSE] %*% gamma)",
        "S <- diag(rows$vi)",
        'same <- outer(rows$trial, rows$trial, "==")',
        *_sigma(design, structure, restricted, tau2),
        FLOATING,
    ]


def _sigma(design: Floats, structure: str, restricted: bool, tau2: str) -> list[str]:
    """Return the lines that make `sigma`, the covariance of the levels' effects between trials.

    rma.mv can hold a part of a covariance matrix, but then leaves the matrices that are one; so base R maximises.
    """
    k, q = design.shape
    if structure == "common":
        return [f"sigma <- matrix(0, {k}, {k})"]
    if structure == "exchangeable":
        base, root = f"(tau2[1, 1] / 2) * (diag({k}) - 1 / {k})", f"matrix(0, {k}, 0)"
    else:
        base = "D %*% tau2 %*% t(D)"
        root = f"D %*% with(eigen(tau2), vectors %*% diag(sqrt(pmax(values, 0)), {q}))"
    likelihood = LIKELIHOOD.replace("PENALTY", " + log(sum(W))" if restricted else "")
    return ["# their covariance between trials: its part `base` as the differences have it, the rest by likelihood",
            f"tau2 <- {tau2}", f"base <- {base}", f"root <- {root}", likelihood]  # fmt: skip
