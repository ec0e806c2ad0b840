"""compare_models: parametric models beside each other by Akaike's criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import one_of
from ....base.messages.arguments import known_arguments
from ....errors import ConvergenceError, OptionError
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ...numeric.time_to_event.spline import LINKS
from ..two_arms.arms import read_arms
from .fitting import data_of
from .forms import Form, Parametric, spline_of
from .rcode import label


@known_arguments
def compare_models(
    ipd: Any,
    *,
    distributions: Sequence[str] = ("exp", "weibull", "gompertz", "gamma", "lnorm", "llogis", "gengamma"),
    knots: Sequence[int] = (1, 2, 3),
    scales: Sequence[str] = ("hazard", "odds", "normal"),
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
) -> pd.DataFrame:
    """Compare parametric models of two arms by Akaike's criterion.

    The criterion tells how models fit where there are data; models that fit alike can differ much beyond.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed; times above 0.
    distributions : list of str
        As in ``parametric``.
    knots, scales : list
        Of the spline models, as in ``royston_parmar``; each number of knots on each scale.
    control : label
        The value of `arm` that the other arm is compared with.
    time, event, arm : str
        Columns of follow-up (> 0), of the event (1, or 0 where it was censored) and of the arm, of two values.

    Returns
    -------
    DataFrame
        One row a model, the best first: model, parameters, loglik, aic, difference (from the least), and note (why one
        has no numbers).

    Raises
    ------
    ColumnError, OptionError, DataError
        As ``parametric``.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> table = mo.survival.compare_models(patients, control="b", distributions=["exp", "weibull"], knots=[])
    >>> table["model"].tolist()
    ['Weibull', 'exponential']
    """
    for name, given in (("distributions", distributions), ("scales", scales)):
        if isinstance(given, str):
            raise OptionError(f"{name}={given!r} is no list; give [{given!r}].")
    if not len(distributions) and not (len(knots) and len(scales)):
        raise OptionError("nothing to compare: give distributions=, or knots= with scales=.")
    codes = [one_of("distributions", code, DISTRIBUTIONS) for code in distributions]
    data = data_of(read_arms(ipd, control=control, time=time, event=event, arm=arm), event)
    forms: list[Form] = [Parametric(code) for code in codes]
    forms += [spline_of(data, int(k), one_of("scales", scale, LINKS), False) for scale in scales for k in knots]
    rows = []
    for form in forms:
        try:
            found = form.fit(data)
            rows.append((label(form), len(found.beta), found.value, 2 * len(found.beta) - 2 * found.value, ""))
        except ConvergenceError as problem:
            rows.append((label(form), len(form.names), np.nan, np.nan, str(problem)))
    table = pd.DataFrame(rows, columns=["model", "parameters", "loglik", "aic", "note"]).sort_values("aic")
    return table.assign(difference=table["aic"] - table["aic"].min()).reset_index(drop=True)[
        ["model", "parameters", "loglik", "aic", "difference", "note"]
    ]
