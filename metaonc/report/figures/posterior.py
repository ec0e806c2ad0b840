"""Prior and posterior of a Bayesian pool: what the data added to what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.pooling.bayes.pool import BayesResult
from ...base.check import one_of
from ...base.digits import in_percent
from ...base.messages.arguments import known_arguments
from ...errors import DataError
from ..checks import checked
from ..style import COLUMN, PALETTE, style
from ..texts.cautions import cautions
from ..ticks import Scale, effect_name, effect_scale
from .key import Key
from .panel import BLUE, GREY, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 801
PARAMETERS = ("mu", "tau")
TAIL = 0.0005  # posterior probability left out at each open end of the axis


@known_arguments
def posterior_data(result: BayesResult, parameter: str = "mu") -> pd.DataFrame:
    """Return the densities that ``posterior`` draws.

    Parameters
    ----------
    result : BayesResult
        What ``pool_bayes`` returned.
    parameter : {"mu", "tau"}
        The pooled effect, on the scale of analysis, or the standard deviation between trials.

    Returns
    -------
    pandas.DataFrame
        Columns x, prior (NaN of a flat one), posterior; for ``mu`` also predictive.

    Raises
    ------
    DataError
        When `result` is none of ``pool_bayes``.
    OptionError
        When `parameter` does not exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")
    >>> type(mo.plot.posterior_data(r)).__name__
    'DataFrame'
    """
    if not isinstance(result, BayesResult):
        raise DataError(f"a result of pool_bayes is wanted, not {type(result).__name__}.")
    one_of("parameter", parameter, PARAMETERS)
    if parameter == "tau":
        x = np.linspace(0, float(result.tau.quantile(1 - 2 * TAIL)), POINTS)[1:]
        prior = np.exp(result.tau_prior.log_density(x))
        return pd.DataFrame({"x": x, "prior": prior, "posterior": result.tau.density(x)})
    low, high = (float(result.predictive.quantile(p)) for p in (10 * TAIL, 1 - 10 * TAIL))
    x = np.linspace(low, high, POINTS)
    prior = result.mu_prior.density(x) if result.mu_prior else np.full(POINTS, np.nan)
    columns = {"posterior": result.mu.density(x), "predictive": result.predictive.density(x)}
    return pd.DataFrame({"x": x, "prior": prior, **columns})


@checked()
def posterior(
    result: BayesResult,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    parameter: str = "mu",
    effect: str | None = None,
    unit: str = "",
) -> Axes:
    """Draw prior and posterior density of the pooled effect or of the standard deviation between trials.

    Parameters
    ----------
    result : BayesResult
        What ``pool_bayes`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    parameter : {"mu", "tau"}
        The pooled effect with the prediction for a new trial, or tau.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Axes
        The panel, on the scale of analysis (the labels of an effect are on the natural one); the area within the
        central credible interval is filled.

    Raises
    ------
    DataError, OptionError
        As ``posterior_data``; a place that is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")
    >>> mo.plot.posterior(r).get_xlabel()
    'Hazard ratio'
    """
    data = posterior_data(result, parameter)
    own = result.mu if parameter == "mu" else result.tau
    low, high = float(data["x"].min()), float(data["x"].max())
    if parameter == "mu":
        across = effect_scale(result, low, high, label=effect_name(result, effect, unit))
    else:
        across = Scale(label="τ, standard deviation between trials", low=0.0, high=high)
    key = _key(result, parameter)
    shown = [column for column in key if data[column].notna().any()]
    up = Scale(label="Density", low=0.0, high=1.06 * float(np.nanmax(data[shown].to_numpy())))
    priors = f"Prior of the effect: {result.mu_prior or 'flat'}; of τ: {result.tau_prior}"
    notes = [f"{priors}. Filled: {in_percent(result.level)}% credible interval.", *cautions(result, short=True)]
    with style():
        panel = open_panel(ax, across, up, width=width, key=[key[column] for column in shown], notes=notes)
        inside = data[(data["x"] >= own.low) & (data["x"] <= own.high)]
        panel.ax.fill_between(inside["x"], 0, inside["posterior"], facecolor=BLUE, alpha=0.2, linewidth=0, zorder=1)
        for column in shown:
            panel.ax.plot(data["x"], data[column], zorder=3, **key[column].look)
    return panel.ax


def _key(result: BayesResult, parameter: str) -> dict[str, Key]:
    key = {
        "prior": Key(text="prior", look={"color": GREY, "linewidth": 0.9, "linestyle": (0, (4, 2))}),
        "posterior": Key(text="posterior", look={"color": BLUE, "linewidth": 1.4}),
    }
    if parameter == "mu":
        look: dict[str, Any] = {"color": PALETTE[1], "linewidth": 1.0, "linestyle": (0, (1.5, 1))}
        key["predictive"] = Key(text="effect in a new trial", look=look)
    return key
