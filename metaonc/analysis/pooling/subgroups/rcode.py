"""The R script of subgroups: the script of each, that of the whole, and the tests between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ...results.rcode import rma
from ...results.rtext import comment, data_frame, number

CHI_SQUARE = """\
# chi-square test between subgroups
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


def f_test(data: dict[str, Iterable[Any]], method: str, tau2: float, given: bool, of_counts: bool, scaled: bool) -> str:
    """Return the lines of the F test.

    Parameters
    ----------
    data
        study, yi, vi and subgroup of each row.
    method, tau2, given
        Estimator of tau², its value in the model with one mean a subgroup, and whether that is known from elsewhere.
    of_counts
        Whether effects were made of counts, with 1/2 added to each cell.
    scaled
        Whether the test without a floor is there: effects within subgroups are not all equal.
    """
    made = [comment("effects are logarithms of odds or rates with 1/2 added to each cell")] * of_counts
    call = rma(method, "HKSJ", 0.95, number(tau2), given=given, extra=", mods = ~ subgroup", data="rows")
    shown = "print(c(F = {0}$QM, df1 = {0}$QMdf[1], df2 = {0}$QMdf[2], p = {0}$QMp), digits = 8)"
    return "\n".join([
        "# F test in the model with one mean a subgroup and one tau²",
        *made,
        "library(metafor)",
        data_frame("rows", data),
        *([f"res <- {call}", shown.format("res")] if scaled else []),
        f"floor <- {call.replace('knha', 'adhoc')}  # scale at least 1",
        shown.format("floor"),
    ])  # fmt: skip
