"""regress_multilevel: how effects that are nested in units depend on moderators."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.check import confidence_level, one_of
from ....base.frames import to_pandas
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ....errors import DataError
from ...effects.inputs import study_of
from ...numeric import mixed_model, nested, wls
from ...numeric.distributions import chi2_p
from ...results import patients, repeats
from ...results.studies import Studies
from ..moderators.coefficients import coefficient_table, joint_test
from ..moderators.design import Design
from ..moderators.rows import few_rows, read_rows
from .nesting import fit_statistics, model_of, refuse_turned, trials_in, unit_codes, units_named, units_of
from .pool import METHODS
from .regression_result import MultilevelRegressionResult

INTERVALS = ("wald", "t")


@known_arguments
def regress_multilevel(
    table: Any,
    formula: str,
    *,
    levels: list[str] | tuple[str, ...],
    crossed: list[str] | tuple[str, ...] = (),
    yi: str = "yi",
    vi: str = "vi",
    study: str | None = None,
    measure: str | None = None,
    method: str = "REML",
    ci: str = "wald",
    level: float = 0.95,
) -> MultilevelRegressionResult:
    r"""Regress effects that are nested in units on moderators, with a random effect for each level.

    .. math::

        y_{ij} = x_{ij}^T\beta + u_i + u_{ij} + e_{ij}, \quad
        u_i \sim N(0, \sigma_1^2), \; u_{ij} \sim N(0, \sigma_2^2)

    for two levels, and so on for more: the three-level meta-regression of several effects a trial.

    Parameters
    ----------
    table : dataframe
        One row an effect, with the moderators.
    formula : str
        Moderators, as in ``regress``.
    levels : list of str
        Columns of the units, the outermost first, as in ``pool_multilevel``.
    crossed : list of str, optional
        Columns of units that lie within the outermost ones side by side, as in ``pool_multilevel``.
    yi, vi : str
        Columns of effects, on the scale of analysis, and of their sampling variances; errors of rows are independent.
    study : str, optional
        Column that names the rows' trial; as in ``pool_multilevel`` when not given.
    measure : str, optional
        What yi is; when not given, the column ``measure`` says it.
    method : {"REML", "ML"}
        Restricted or full maximum likelihood; models of other moderators are compared by ML.
    ci : {"wald", "t"}
        Normal quantiles and a chi-square test of moderators; or t and F with k - p degrees of freedom, for k rows and
        p coefficients. Where a moderator is of trials, not of rows, both count too much as known with few trials: see
        ``robust`` of the result.
    level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    MultilevelRegressionResult
        Coefficients with their covariance, a variance component a level and tests, on the scale of analysis.

    Raises
    ------
    OptionError
        A formula that cannot be read; an option that does not exist.
    ColumnError, DataError
        A column that is not there; constant or collinear moderators; too few rows; what ``pool_multilevel`` raises.
    ConvergenceError
        When the likelihood has no maximum that is reached.

    Warns
    -----
    DataWarning
        Rows without effect, variance or a moderator were left out; labels that only look the same were joined.

    Notes
    -----
    The coefficient of a moderator that varies within trials and between them mixes both associations; to tell them
    apart, regress on its mean of the trial and on the row's distance from it.

    References
    ----------
    Konstantopoulos 2011, doi:10.1002/jrsm.35.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [0.1, 0.3, 0.6, 0.5, 0.9, 0.4], "vi": [0.02] * 6, "trial": list("aabbcc"), "arm": [1, 2] * 3,
    ...      "line": [1, 2, 1, 2, 2, 1]}
    >>> r = mo.regress_multilevel(d, "~ line", levels=["trial", "arm"])
    >>> r.coefficients["estimate"].round(3).tolist()
    [0.167, 0.2]
    """
    one_of("method", method, METHODS)
    one_of("ci", ci, INTERVALS)
    confidence_level(level)
    units = units_named(table, levels, crossed)
    named = study_of(to_pandas(table), study)
    studies, d, code, dropped = read_rows(
        table, formula, yi=yi, vi=vi, study=named or trials_in(table, levels), measure=measure, units=units
    )
    patients.refuse_overlap(studies)
    refuse_turned(studies, levels, named)
    asked = {"measure": code, "levels": list(levels), "crossed": list(crossed), "method": method, "ci": ci,
             "level": level}  # fmt: skip
    provenance = Provenance(
        verb="regress_multilevel",
        settings={"formula": formula, **asked},
        rows_in=len(studies.yi) + len(dropped),
        rows_used=len(studies.yi),
        dropped=dropped,
        notes=few_rows(len(studies.yi), d) + studies.notes,
        cautions=repeats.cautions(studies, dependent=True),
    )
    return _regressed(studies, d, provenance, levels=tuple(levels), crossed=tuple(crossed), method=method, ci=ci,
                      level=level, measure=code)  # fmt: skip


def _regressed(
    studies: Studies, d: Design, provenance: Provenance, *, levels: tuple[str, ...], crossed: tuple[str, ...],
    method: str, ci: str, level: float, measure: str,
) -> MultilevelRegressionResult:  # fmt: skip
    k, p = d.x.shape
    if k <= p:
        raise DataError(f"{k} rows do not determine {p} coefficients and a variance between rows.")
    m = model_of(studies, levels, crossed, d.x, method == "REML")
    free = nested.estimable(d.x, unit_codes(studies, levels, crossed))
    sigma2 = nested.variance_components(m, free)
    fitted = mixed_model.terms(m, sigma2)
    df = float(k - p) if ci == "t" else np.inf
    within = wls.fit(1 / studies.vi, studies.yi, np.linalg.qr(d.x)[0])
    q = float(wls.scatter(within))
    return MultilevelRegressionResult(
        coefficients=coefficient_table(fitted.beta, fitted.cov, np.full(p, df), level, list(d.names)),
        covariance=fitted.cov, q=q, q_df=k - p, q_p=float(chi2_p(q, k - p)),
        **joint_test(fitted.beta, fitted.cov, d.names, df),
        **fit_statistics(fitted.ll, int(free.sum()) + p, k - p * (method == "REML")), formula=d.formula, method=method,
        ci=ci, level=level, measure=measure, k=k, studies=studies, design=d, sigma2=sigma2, levels=levels,
        crossed=crossed, units=units_of(studies, levels, crossed), provenance=provenance,
    )  # fmt: skip
