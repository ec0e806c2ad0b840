"""The R script of subgroups: the script of each, that of the whole, and the tests between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...methods.intervals import CI_METHODS
from ...results.rcode import rma
from ...results.rtext import comment, number, vector

CHI_SQUARE = """\
# test between subgroups
w <- 1 / found[, 2]^2
q <- sum(w * (found[, 1] - sum(w * found[, 1]) / sum(w))^2)
df <- nrow(found) - 1
print(c(q = q, df = df, p = pchisq(q, df, lower.tail = FALSE)), digits = 8)"""


class Part(NamedTuple):
    """A subgroup: its name, its script, and the R expression of estimate and standard error once that has run."""

    name: str
    script: str
    estimate: str


def script(parts: Sequence[Part], whole: str, tested: bool, f_test: str = "") -> str:
    """Return the script of the subgroups and the whole, the test between them, and a further test."""
    keep = "\nfound <- rbind(found, {})" if tested else ""
    return "\n\n".join([
        *(["found <- NULL"] if tested else []),
        *(f"{comment(part.name)}\n{part.script}{keep.format(part.estimate)}" for part in parts),
        f"# all\n{whole}",
        *([CHI_SQUARE] if tested else []),
        *([f_test] if f_test else []),
    ])  # fmt: skip


def f_test(levels: Iterable[str], method: str, ci: str, level: float, tau2: float) -> str:
    """Return the lines of the F test; `tau2` is that of the model with one mean a subgroup."""
    if CI_METHODS[ci].r_test is None:
        return comment(f"the F test by {ci} is not in metafor")
    return "\n".join([
        "# F test in the model with one mean a subgroup and a common tau²",
        f"dat$subgroup <- {vector(levels)}",
        f"res <- {rma(method, ci, level, number(tau2), extra=', mods = ~ subgroup')}",
        "print(c(F = res$QM, df1 = res$QMdf[1], df2 = res$QMdf[2], p = res$QMp), digits = 8)",
    ])  # fmt: skip
