"""pool_multilevel: effects nested in units of several levels, such as arms in trials in countries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....base.check import confidence_level, one_of
from ....base.frames import to_pandas
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ....errors import DataError
from ...effects.inputs import study_of
from ...numeric import mixed_model, nested, wls
from ...numeric.distributions import chi2_p
from ...numeric.wls import Floats
from ...results import patients, repeats
from ...results.studies import Studies
from ..inverse_variance.read_studies import read_studies
from .nesting import fit_statistics, model_of, refuse_turned, trials_in, unit_codes, units_named, units_of
from .result import MultilevelResult, inference

METHODS = ("REML", "ML")
INTERVALS = ("wald", "t", "contain")


@known_arguments
def pool_multilevel(
    table: Any,
    *,
    yi: str = "yi",
    vi: str = "vi",
    levels: list[str] | tuple[str, ...],
    crossed: list[str] | tuple[str, ...] = (),
    study: str | None = None,
    measure: str | None = None,
    method: str = "REML",
    ci: str = "wald",
    level: float = 0.95,
) -> MultilevelResult:
    r"""Pool effects that are nested in units, with a random effect for each level.

    .. math:: y_{ij} = \mu + u_i + u_{ij} + e_{ij}, \quad u_i \sim N(0, \sigma_1^2), \; u_{ij} \sim N(0, \sigma_2^2)

    for two levels, and so on for more. The innermost level is usually the row itself.

    Parameters
    ----------
    table : dataframe
        One row an effect.
    yi, vi : str
        Columns of effects, on the scale of analysis, and of their sampling variances; errors of rows are independent.
    levels : list of str
        Columns of the units, the outermost first. A unit is named within the one that holds it: 1, 2, 3 may be
        counted anew in each.
    crossed : list of str, optional
        Columns of units that lie within the outermost ones side by side, such as outcomes and times of a trial: each
        has a random effect of its own.
    study : str, optional
        Column that names the rows' trial. When not given, a level called trial or study that holds words; else the
        outermost level.
    measure : str, optional
        What yi is; when not given, the column ``measure`` says it.
    method : {"REML", "ML"}
        Restricted or full maximum likelihood.
    ci : {"wald", "t", "contain"}
        Normal quantile; t with k - 1 degrees of freedom, one a row; or t with m - 1, for m units of the outermost level
        (``dfs="contain"`` of metafor), by which few units with many rows have wide intervals. See ``robust`` for what
        rests less on the model.
    level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    MultilevelResult
        The pooled effect with its intervals and a variance component a level, on the scale of analysis.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A variance that is not above 0, a row without unit, no complete row, rows of one trial that share patients, a
        trial in several units of a level outside it: names trial, row and value.
    ConvergenceError
        When the likelihood has no maximum that is reached.

    Warns
    -----
    DataWarning
        Rows without effect or variance were left out; labels that differ by what no reader sees were joined.

    References
    ----------
    Konstantopoulos 2011, doi:10.1002/jrsm.35.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [0.1, 0.3, 0.6, 0.5, 0.9], "vi": [0.02] * 5, "trial": list("aabbc"), "arm": [1, 2, 1, 2, 1]}
    >>> r = mo.pool_multilevel(d, levels=["trial", "arm"])
    >>> round(r.estimate, 3), [round(float(s), 3) for s in r.sigma2]
    (0.54, [0.106, 0.0])
    """
    one_of("method", method, METHODS)
    one_of("ci", ci, INTERVALS)
    confidence_level(level)
    units = units_named(table, levels, crossed)
    named = study_of(to_pandas(table), study)
    studies, code, dropped = read_studies(
        table, yi, vi, named or trials_in(table, levels), measure, units=units, apart=units
    )
    patients.refuse_overlap(studies)
    refuse_turned(studies, levels, named)
    return _pooled(studies, code, dropped, levels=levels, crossed=crossed, method=method, ci=ci, level=level)


def refit(r: MultilevelResult, rows: NDArray[np.bool_]) -> MultilevelResult:
    """Return the pool of some of its rows by the same model, robust where it is.

    With one unit left the model is another, and its intervals too narrow; tables of subsets print no caution of each.
    """
    if r.units[0] > 1 and len({unit for unit, there in zip(r.row_units, rows, strict=True) if there}) < 2:
        raise DataError(f"one unit of {r.levels[0]!r} is left: the variance between units cannot be estimated.")
    options: dict[str, Any] = {name: r.provenance.settings[name] for name in ("levels", "crossed", "method", "level")}
    model = _pooled(r.studies.taken(rows), r.measure, (), ci="wald" if r.cluster else r.ci, **options)
    return model.robust(cluster=r.cluster, kind=r.ci) if r.cluster else model


def _pooled(
    studies: Studies,
    code: str,
    dropped: tuple[str, ...],
    *,
    levels: list[str] | tuple[str, ...],
    crossed: list[str] | tuple[str, ...],
    method: str,
    ci: str,
    level: float,
) -> MultilevelResult:
    k = len(studies.yi)
    if k < 2:
        raise DataError("one row: there is no variance between rows to estimate; report the trial.")
    x = np.ones((k, 1))
    m = model_of(studies, levels, crossed, x, method == "REML")
    free = nested.estimable(x, unit_codes(studies, levels, crossed))
    sigma2 = nested.variance_components(m, free)
    fitted = mixed_model.terms(m, sigma2)
    estimate, se = float(fitted.beta[0]), float(np.sqrt(fitted.cov[0, 0]))
    units = units_of(studies, levels, crossed)
    df = _degrees(ci, k, units[0], levels[0])
    provenance = Provenance(
        verb="pool_multilevel",
        settings={
            "measure": code,
            "levels": list(levels),
            "crossed": list(crossed),
            "method": method,
            "ci": ci,
            "level": level,
        },
        rows_in=k + len(dropped),
        rows_used=k,
        dropped=dropped,
        notes=studies.notes,
        cautions=repeats.cautions(studies, dependent=True),
    )
    return MultilevelResult(
        estimate=estimate, se=se, df=df, **inference(estimate, se, df, float(sigma2.sum()), level),
        tau2=float(sigma2.sum()), k=k, level=level, measure=code, method=method, ci=ci, prediction=ci,
        weights=nested.weights(m, sigma2, fitted.cov), studies=studies, provenance=provenance, sigma2=sigma2,
        levels=tuple(levels), crossed=tuple(crossed), units=units, **_heterogeneity(studies.yi, studies.vi, sigma2),
        **fit_statistics(fitted.ll, int(free.sum()) + 1, k - (method == "REML")),
    )  # fmt: skip


def _degrees(ci: str, k: int, units: int, outermost: str) -> float:
    """Return the degrees of freedom of the interval."""
    if ci == "contain" and units < 2:
        raise DataError(f"one unit of {outermost!r} leaves {option('ci', 'contain')} no degree of freedom.")
    return {"wald": np.inf, "t": float(k - 1), "contain": float(units - 1)}[ci]


def _heterogeneity(y: Floats, v: Floats, sigma2: Floats) -> dict[str, Any]:
    f = wls.fit(1 / v, y)
    q, df = float(wls.scatter(f)), len(y) - 1
    typical = df / float(wls.trace(f))
    return {"q": q, "q_df": df, "q_p": float(chi2_p(q, df)), "i2": 100 * sigma2 / (sigma2.sum() + typical)}
