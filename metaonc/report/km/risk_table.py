"""The table below a Kaplan-Meier figure: at risk, censored and events at each tick, as KMunicate proposes.

Morris TP and others, 2019, BMJ Open 9:e030215.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from numpy.typing import ArrayLike

from ...analysis.survival.curve.result import KaplanMeier
from ...base.check import one_of
from ...base.messages.arguments import known_arguments
from ...errors import DataError
from ..checks import names

ROWS = {"At risk": "n_risk", "Censored": "cum_censor", "Events": "cum_event"}


@known_arguments
def km_table(result: KaplanMeier, times: ArrayLike, rows: Sequence[str] = tuple(ROWS)) -> pd.DataFrame:
    """Return the numbers at risk, censored and with an event at given times, as they are printed below the curves.

    The three add up to the size of the group at each time. Who dies or is censored at exactly t is at risk at t.

    Parameters
    ----------
    result : KaplanMeier
        What ``mo.survival.kaplan_meier`` returned.
    times : array
        Times, >= 0, in the unit of the data.
    rows : sequence of str, default ("At risk", "Censored", "Events")
        Which of "At risk", "Censored" and "Events", in this order.

    Returns
    -------
    DataFrame
        Rows (group, "At risk" | "Censored" | "Events"), one column a time.

    Raises
    ------
    DataError
        When a time is negative or not finite.
    OptionError
        When a row does not exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [2, 4, 6, 8, 3, 5], "event": [1, 1, 0, 1, 1, 0], "arm": ["A", "A", "A", "A", "B", "B"]}
    >>> r = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    >>> mo.plot.km_table(r, [0, 4]).loc["A"].values.tolist()
    [[4, 3], [0, 0], [0, 1]]
    """
    if not isinstance(result, KaplanMeier):
        raise DataError(f"a result of survival.kaplan_meier is wanted, not {type(result).__name__}.")
    rows = names("rows", rows) or ()
    for row in rows:
        one_of("row of the table", row, ROWS)
    long = result.at(times).drop_duplicates(["group", "time"]).set_index(["group", "time"])
    counts = long[list(ROWS.values())].set_axis(list(ROWS), axis="columns")
    order = pd.MultiIndex.from_product([list(result.curves), list(rows)], names=["group", "row"])
    return pd.DataFrame(counts.stack().unstack("time")).reindex(order)
