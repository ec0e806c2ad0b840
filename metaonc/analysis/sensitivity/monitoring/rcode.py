"""The R script of monitoring: cumulative pools by metafor, boundaries by rpact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...results.rtext import data_frame, number, vector

LOOKS = """\
library(rpact)
upto <- {rows}
tau2 <- {tau2}  # of each look
information <- sapply(upto, function(n) sum(1 / looks$vi[seq_len(n)]))
required <- (qnorm(1 - {alpha} / 2) + qnorm({power}))^2 / {delta}^2 / (1 - {diversity})
fraction <- information / required
z <- sapply(seq_along(upto), function(i) {{
  w <- 1 / (looks$vi[seq_len(upto[i])] + tau2[i])
  sum(w * looks$yi[seq_len(upto[i])]) / sqrt(sum(w))
}})
last <- if (any(fraction >= 1)) which(fraction >= 1)[1] else length(fraction)
rates <- c(fraction[seq_len(last)], if (fraction[last] < 1) 1)
spent <- pmin({spending}, {alpha})
design <- getDesignGroupSequential(sided = 2, alpha = {alpha}, informationRates = rates / max(rates),
                                   typeOfDesign = "asUser", userAlphaSpending = spent, tolerance = 1e-10)
# rpact is no witness where less than about 1e-6 of error is spent at a look
boundary <- rep(NA, length(upto))
boundary[seq_len(last)] <- design$criticalValues[seq_len(last)]
print(data.frame(look = looks$study[upto], information, fraction, z, boundary), digits = 8, row.names = FALSE)"""


def script(
    whole: str,
    labels: Iterable[str],
    yi: Iterable[float],
    vi: Iterable[float],
    rows: Iterable[Any],
    tau2: Iterable[float],
    *,
    alpha: float,
    power: float,
    delta: float,
    diversity: float,
    spending: str,
) -> str:
    """Return the script of the pool, and that of the looks with their boundaries."""
    return "\n".join([
        whole,
        data_frame("looks", {"study": labels, "yi": yi, "vi": vi}),
        LOOKS.format(rows=vector(map(int, rows)), tau2=vector(tau2), alpha=number(alpha), power=number(power),
                     delta=number(abs(delta)), diversity=number(diversity),
                     spending=spending.format(alpha=number(alpha))),
    ])  # fmt: skip
