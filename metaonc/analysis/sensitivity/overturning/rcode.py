"""The R script of tipping points: the pool with a trial added."""

from __future__ import annotations

from collections.abc import Iterable

from ...results.rtext import data_frame

LOOP = """\
pools <- do.call(rbind, lapply(seq_len(nrow(added)), function(i) {
  both <- rbind(dat[, c("study", "yi", "vi")], data.frame(study = "added", yi = added$yi[i], vi = added$vi[i]))
  res <- update(res, data = both)
  data.frame(added[i, ], estimate = c(res$beta), ci_low = res$ci.lb, ci_high = res$ci.ub)
}))
print(pools, digits = 8, row.names = FALSE)"""


def added(yi: Iterable[float], vi: Iterable[float]) -> str:
    """Return the lines that pool again with each of these trials, once the pool's own script has run."""
    return f"{data_frame('added', {'yi': yi, 'vi': vi})}\n{LOOP}"
