"""The R script of pooled survival curves: base R, with the formulas written out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ...results.rtext import data_frame, number

BODY = """\
pooled <- function(d) {
  times <- sort(unique(d$time)); studies <- unique(d$study); k <- length(studies); m <- length(times)
  y <- v <- matrix(NA_real_, k, m)
  for (i in seq_len(k)) {
    e <- d[d$study == studies[i], ]; e <- e[order(e$time), ]
    p <- e$survival / c(1, head(e$survival, -1))
    y[i, seq_along(p)] <- asin(sqrt((e$n_risk * p + 0.25) / (e$n_risk + 0.5)))
    v[i, seq_along(p)] <- 0.25 / (e$n_risk + 0.5)
  }
  there <- !is.na(y)
  for (j in seq_len(m)) { y[!there[, j], j] <- mean(y[there[, j], j]); v[!there[, j], j] <- 1e12 }
  psi <- matrix(0, m, m)
  if (random) {
    for (a in seq_len(m)) for (b in seq_len(m)) {
      w <- 1 / sqrt(v[, a] * v[, b])
      q <- sum(w * (y[, a] - weighted.mean(y[, a], w)) * (y[, b] - weighted.mean(y[, b], w)))
      expected <- if (a == b) sum(there[, a]) - 1 else 0
      denominator <- sum(w) - sum(w^2) / sum(w)
      psi[a, b] <- if (denominator > 1e-9) (q - expected) / denominator else 0
    }
    e <- eigen((psi + t(psi)) / 2, symmetric = TRUE)
    psi <- e$vectors %*% (pmax(e$values, 0) * t(e$vectors))
  }
  information <- score <- 0
  for (i in seq_len(k)) {
    w <- solve(diag(v[i, ], m) + psi)
    information <- information + w; score <- score + w %*% y[i, ]
  }
  cov <- solve(information); beta <- drop(cov %*% score)
  survival <- cumprod(sin(beta)^2)
  slope <- lower.tri(diag(m), diag = TRUE) * rep(2 / tan(beta), each = m)
  se <- sqrt(diag(slope %*% cov %*% t(slope)))
  z <- qnorm((1 + level) / 2)
  data.frame(time = times, survival = survival, ci_low = exp(log(survival) - z * se),
             ci_high = pmin(exp(log(survival) + z * se), 1), k = colSums(there))
}
groups <- unique(dat$group)
res <- lapply(groups, function(g) cbind(group = g, pooled(dat[dat$group == g, ])))
res <- do.call(rbind, res)
print(res, digits = 8)
median_of <- function(r) {  # where straight lines between times cross one half
  s <- c(1, r$survival); t <- c(0, r$time); j <- which(s <= 0.5)[1]
  t[j] - (t[j] - t[j - 1]) * (0.5 - s[j]) / (s[j - 1] - s[j])
}
medians <- sapply(split(res, factor(res$group, levels = groups)), median_of)
print(medians)"""


def script(rows: pd.DataFrame, *, random: bool, level: float) -> str:
    """Return the script.

    Parameters
    ----------
    rows
        study, group, time, survival, n_risk.
    random
        Whether trials differ.
    level
        Of the limits.
    """
    data: dict[str, Iterable[Any]] = {
        name: rows[name].tolist() for name in ("study", "group", "time", "survival", "n_risk")
    }
    head = f"random <- {'TRUE' if random else 'FALSE'}; level <- {number(level)}"
    return "\n".join([data_frame("dat", data), head, BODY])
