r"""The Doi plot and its index of asymmetry: trials by their rank among effects, each as wide as it is precise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...pooling.inverse_variance.result import MetaResult
from ..checks import taken

MINOR, MAJOR = 1.0, 2.0  # of the index, by its authors
NO_TEST = (
    "the LFK index is no test: without any bias it lies beyond 1 in about half of pools of 5 to 10 trials, and in 1 % "
    "of those of 100"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DoiData:
    """What a Doi plot shows.

    Attributes
    ----------
    points
        One row a trial in the order of their effects: study, estimate (on the scale of analysis), se, z (of its rank),
        whose size is drawn.
    index
        The LFK index: 0 of a plot whose two limbs are alike.
    """

    points: pd.DataFrame
    index: float

    @property
    def asymmetry(self) -> str:
        """How the authors of the index read it: ``no``, ``minor`` or ``major``."""
        size = abs(self.index)
        return "no" if size <= MINOR else "minor" if size <= MAJOR else "major"


@known_arguments
def doi_data(result: MetaResult) -> DoiData:
    r"""Return the Doi plot of a pool, and its LFK index.

    Trials stand in the order of their effects and count by their precision, :math:`n_i = 100 \max v / v_i`. With the
    middle of each trial's place among all, :math:`m_i = \sum_{j < i} n_j + n_i / 2`, and trial c the one nearest to the
    middle of all,

    .. math::
        z_i = \Phi^{-1}\left(\frac{m_i - 1/2}{\sum n}\right), \qquad
        LFK = \frac{5}{2k} \sum_i \left(z_i + \frac{\max z - \min z}{\max y - \min y} (y_i - y_c)\right)

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of three trials or more.

    Returns
    -------
    DoiData
        Points and the LFK index.

    Raises
    ------
    DataError
        When `result` is of another kind, of fewer trials, or all effects are the same.
    OptionError
        Correlated sampling errors.

    Notes
    -----
    The bounds 1 and 2 of its authors are of no level: without any bias or heterogeneity the index lies beyond 1 in 54 %
    of pools of 5 trials, 45 % of 10, 29 % of 20, 8 % of 50 and 1 % of 100 (own simulation, docs/bias.md).

    References
    ----------
    Furuya-Kanamori, Barendregt and Doi 2018, doi:10.1097/XEB.0000000000000141 (not read; formulas as R's metasens has
    them); against it Schwarzer, Rücker and Semaca 2024 (title and abstract).

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-4.27, -1.71, -0.58, -0.19, 0.0], "vi": [0.158, 0.076, 0.018, 0.022, 0.04]}
    >>> found = mo.plot.doi_data(mo.pool(d, measure="SMD"))
    >>> round(found.index, 2), found.asymmetry
    (-3.31, 'major')
    """
    s = taken(result, "a Doi plot").studies
    order = np.argsort(s.yi, kind="stable")
    y, v = s.yi[order], s.vi[order]
    if not np.ptp(y) > 0:
        raise DataError("all effects are the same: a Doi plot has no limbs.")
    n = 100 * v.max() / v
    middle = np.cumsum(n) - n / 2
    z = np.asarray(ndtri((middle - 0.5) / n.sum()), dtype=float)
    centre = y[np.abs(z).argmin()]
    index = 5 / (2 * len(y)) * float((z + np.ptp(z) / np.ptp(y) * (y - centre)).sum())
    labels = np.array(s.labels, dtype=object)[order]
    return DoiData(points=pd.DataFrame({"study": labels, "estimate": y, "se": np.sqrt(v), "z": z}), index=index)
