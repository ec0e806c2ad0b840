"""The R scripts of case deletion diagnostics."""

from __future__ import annotations

from ...methods.intervals import CI_METHODS
from ...results.rtext import comment

BLOCKS = """\
x2 <- try(rstudent(res, cluster = {units}, reestimate = {anew})$cluster)  # metafor 3.8 can fail of single rows
print(x2, digits = 8)
print(cooks.distance(res, cluster = {units}, reestimate = {anew}), digits = 8)
print(dfbetas(res, cluster = {units}, reestimate = {anew}), digits = 8)
print(hatvalues(res), digits = 8)"""

CONTROL = "res <- update(res, control = list())  # metafor cannot fit several outcomes anew by another optimiser"


def by_row(script: str, ci: str) -> str:
    """Return the script of a result with metafor's influence; an interval that R lacks leaves the plain covariance."""
    plain = CI_METHODS[ci].r_test is None
    remark = [comment(f"diagnostics by the covariance without that of {ci}")] if plain else []
    return "\n".join([script, *remark, "print(influence(res), digits = 8)"])


def by_refit(script: str, method: str) -> str:
    """Return the script of a result with what metafor has for its model: pools without each trial, and residuals."""
    if method not in ("MH", "PETO"):
        return "\n".join([script, comment("R has no case deletion diagnostics of this model: pool without each trial")])
    return "\n".join([script, "print(leave1out(res), digits = 8)", "print(rstudent(res), digits = 8)"])


def by_block(script: str, units: str, reestimated: bool, several: bool) -> str:
    """Return the script of a result with metafor's diagnostics by unit.

    Parameters
    ----------
    script, units
        Of the result, and the R expression of each row's unit.
    reestimated, several
        Whether variance components are estimated anew, and of several outcomes.
    """
    anew = [CONTROL] if reestimated and several else []
    return "\n".join([script, *anew, BLOCKS.format(units=units, anew=str(reestimated).upper())])
