"""How the error of repeated tests is spent over the information: a table of records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..numeric.group_sequential import obrien_fleming, pocock
from ..numeric.wls import Floats


@dataclass(frozen=True, slots=True)
class Spending:
    """An error spending function.

    Attributes
    ----------
    code, label
        Its name for options, and in words.
    reference
        Who defined it.
    spent
        (information as a share of that required, two-sided error) -> error spent up to there.
    r_spent
        R expression of it, of the information ``rates``.
    """

    code: str
    label: str
    reference: str
    spent: Callable[[Floats, float], Floats]
    r_spent: str


SPENDING = {
    s.code: s
    for s in (
        Spending(
            "OBF",
            "O'Brien-Fleming type",
            "Lan and DeMets 1983",
            obrien_fleming,
            "4 * pnorm(qnorm({alpha} / 4) / sqrt(pmin(rates, 1)))",
        ),
        Spending(
            "Pocock", "Pocock type", "Lan and DeMets 1983", pocock, "{alpha} * log(1 + (exp(1) - 1) * pmin(rates, 1))"
        ),
    )
}
