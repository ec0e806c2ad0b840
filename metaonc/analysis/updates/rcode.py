"""The R script of an update: the pool before, that after, and their difference."""

from __future__ import annotations

from ..results.rtext import comment

DIFFERENCE = """\
cat("difference:", format(after[1] - before[1], digits = 8), "\\n")"""


def script(before: str, after: str, estimates: tuple[str, str] | None) -> str:
    """Return both scripts, and what makes the difference of the estimates of single pools.

    Parameters
    ----------
    before, after
        Scripts of the pools.
    estimates
        R expressions of the estimate of each, once its script has run; None of subgroups.
    """
    old, new = ([f"{name} <- {what}"] for name, what in zip(("before", "after"), estimates or ("", ""), strict=True))
    if estimates is None:
        old, new = [], []
    parts = [comment("the pool before"), before, *old, "", comment("the pool after"), after, *new]
    return "\n".join([*parts, *([DIFFERENCE] if estimates else [])])
