"""pool_multivariate: correlated outcomes of the same trials, such as progression-free and overall survival."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import (
    LARGEST,
    columns_exist,
    confidence_level,
    labels_of,
    one_of,
    refuse,
    refuse_beyond,
    unnamed,
    where,
)
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.arguments import known_arguments
from ....base.messages.left_out import warned
from ....base.messages.warning import warn
from ....base.numbers import numbers
from ....base.result import Provenance
from ....errors import DataError, DataWarning, OptionError
from ...effects.measures import MEASURES
from ...effects.ranges import refuse_outside
from ...numeric import between, mixed_model
from ...numeric.between import Between
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...numeric.wls import Floats
from .result import SINGULAR, MultivariateResult

METHODS = ("REML", "ML", "MM", "CE")
STRUCTURES = ("unstructured", "diagonal")


@known_arguments
def pool_multivariate(
    table: Any,
    *,
    yi: Sequence[str],
    cov: Sequence[Sequence[str]],
    study: str | None = None,
    measure: str | Sequence[str] | None = None,
    method: str = "REML",
    structure: str = "unstructured",
    level: float = 0.95,
) -> MultivariateResult:
    r"""Pool several correlated outcomes together; trials may report some of them only.

    .. math:: y_i \sim N(\mu, S_i + \Psi)

    S is the sampling covariance of trial i, known; Psi the covariance of true effects between trials. A trial that
    reports one outcome also informs the others, through both.

    Parameters
    ----------
    table : dataframe
        One row a trial.
    yi : list of str
        Columns of the outcomes' effects, on the scale of analysis; missing where a trial does not report one.
    cov : list of lists of str
        Columns of the sampling covariance matrix, such as ``[["v11", "v12"], ["v12", "v22"]]``: variances on the
        diagonal. A covariance that reports do not give is the correlation within trials times both standard errors;
        show the result under several.
    study : str, optional
        Column that names the trial.
    measure : str or list of str, optional
        What the outcomes are: one code for all, or one for each.
    method : {"REML", "ML", "MM", "CE"}
        Restricted or full maximum likelihood; method of moments, all outcomes at once; or common effects, Psi = 0.
    structure : {"unstructured", "diagonal"}
        Psi with or without correlation between outcomes.
    level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    MultivariateResult
        One pooled effect an outcome, with the covariance between trials, on the scale of analysis.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        An effect without variance, a missing covariance of two reported outcomes, a matrix that is no covariance, an
        outcome of one trial only, two outcomes that no trial reports together: names trial and columns.
    ConvergenceError
        When the likelihood has no maximum that is reached.

    Warns
    -----
    DataWarning
        Trials without any outcome were left out; labels that differ by what no reader sees were joined.

    References
    ----------
    Berkey et al. 1998. Moments: Jackson, White and Riley 2013.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"y1": [-0.5, -0.3, -0.1, -0.4], "y2": [-0.3, -0.2, 0.1, None], "v1": [0.04, 0.03, 0.05, 0.02],
    ...      "v2": [0.05, 0.04, 0.06, None], "c": [0.02, 0.02, 0.03, None]}
    >>> r = mo.pool_multivariate(d, yi=["y1", "y2"], cov=[["v1", "c"], ["c", "v2"]])
    >>> [round(float(x), 3) for x in r.estimate]
    [-0.347, -0.178]
    """
    one_of("method", method, METHODS)
    one_of("structure", structure, STRUCTURES)
    confidence_level(level)
    _square(yi, cov)
    measures = _measures(measure, len(yi))
    frame = to_pandas(table)
    columns = {f"cov[{i}][{j}]": c for i, row in enumerate(cov) for j, c in enumerate(row)}
    columns_exist(list(frame.columns), {**{f"yi[{i}]": c for i, c in enumerate(yi)}, **columns, "study": study})
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study], rows)
    names = frame[study].tolist() if study else None
    labels, nameless = labels_of(names, rows), unnamed(names, rows)
    y, s = _read(frame, yi, cov, labels)
    for i, (column, code) in enumerate(zip(yi, measures, strict=True)):
        refuse_outside(y[:, i], column, MEASURES[code], labels)
    there = np.atleast_1d(np.isfinite(y).any(1))
    dropped = tuple(f"{where(labels, int(i))}: missing: {', '.join(yi)}" for i in np.flatnonzero(~there))
    if dropped:
        warn(warned(dropped, len(y)), DataWarning)
    y, s, frame = y[there], s[there], frame.loc[there].reset_index(drop=True)
    labels = labels.kept(there)
    provenance = Provenance(
        verb="pool_multivariate",
        settings={"measure": list(measures), "yi": list(yi), "method": method, "structure": structure, "level": level},
        rows_in=len(there),
        rows_used=len(y),
        dropped=dropped,
        notes=(*joined, *nameless),
    )
    return pooled(y, s, tuple(yi), labels, frame, measures, method, structure, level, provenance)


def pooled(
    y: Floats, s: Floats, outcomes: tuple[str, ...], labels: tuple[str, ...], data: pd.DataFrame,
    measures: tuple[str, ...], method: str, structure: str, level: float, provenance: Provenance,
) -> MultivariateResult:  # fmt: skip
    """Return the pool of effects (k, p), NaN where not reported, with sampling covariances (k, p, p)."""
    _estimable(y, outcomes, structure)
    m = between.model(y, s, structure, method == "REML")
    theta, psi = _between(y, s, method, structure)
    fitted = mixed_model.terms(m, theta)
    se = np.sqrt(np.diag(fitted.cov))
    half, statistic = float(critical(level)) * se, fitted.beta / se
    wide = np.nan if method == "CE" else float(critical(level)) * np.sqrt(np.diag(psi.cov) + se**2)
    parameters = (0 if method == "CE" else len(theta)) + len(se)
    ll = np.nan if method == "MM" else fitted.ll
    n = len(m.y) - (len(se) if method == "REML" else 0)
    q, df = _q(m), len(m.y) - len(se)
    reported = np.isfinite(y).sum(0)
    notes = _notes(psi, outcomes, reported, len(y), structure if method != "CE" else "common")
    return MultivariateResult(
        outcomes=outcomes, estimate=fitted.beta, se=se, ci_low=fitted.beta - half, ci_high=fitted.beta + half,
        statistic=statistic, p_value=np.asarray(two_sided_p(statistic)), cov=fitted.cov, tau2=psi.cov,
        tau_correlation=psi.correlation, boundary=psi.boundary, prediction_low=fitted.beta - wide,
        prediction_high=fitted.beta + wide, k=len(y), reported=tuple(int(r) for r in reported), q=q, q_df=df,
        q_p=float(chi2_p(q, df)), loglik=ll, aic=2 * parameters - 2 * ll,
        bic=parameters * np.log(n) - 2 * ll, method=method, structure=structure, level=level,
        measures=measures, labels=labels, yi=y, within=s, data=data,
        provenance=dataclasses.replace(provenance, notes=(*notes, *provenance.notes)),
    )  # fmt: skip


def _between(y: Floats, s: Floats, method: str, structure: str) -> tuple[Floats, Between]:
    """Return the variance components, and the matrix that they make."""
    if method in ("REML", "ML"):
        return between.of_outcomes(y, s, structure, method == "REML")
    if method == "MM" and structure == "diagonal":
        raise OptionError("method='MM' estimates the whole covariance; structure='diagonal' takes 'REML' or 'ML'.")
    p = y.shape[1]
    psi = between.moments(y, s) if method == "MM" else Between(np.zeros((p, p)), np.full((p, p), np.nan), False)
    return np.array([psi.cov[i, j] for i, j in between.pairs_of(p, structure)]), psi


def refit(r: MultivariateResult, rows: NDArray[np.bool_]) -> MultivariateResult:
    """Return the pool of some of its trials by the same model."""
    labels = tuple(name for name, there in zip(r.labels, rows, strict=True) if there)
    k = len(labels)
    provenance = dataclasses.replace(r.provenance, rows_in=k, rows_used=k, dropped=())
    return pooled(r.yi[rows], r.within[rows], r.outcomes, labels, r.data[rows].reset_index(drop=True), r.measures,
                   r.method, r.structure, r.level, provenance)  # fmt: skip


def _square(yi: Sequence[str], cov: Sequence[Sequence[str]]) -> None:
    p = len(yi)
    if isinstance(yi, str) or p < 2:
        raise OptionError(f"yi={yi!r} must be a list of two outcomes or more; of one use pool.")
    if len(cov) != p or any(isinstance(row, str) or len(row) != p for row in cov):
        raise OptionError(f"cov must have {p} rows of {p} columns, as many as yi; a covariance stands in it twice.")
    for i in range(p):
        for j in range(i):
            if cov[i][j] != cov[j][i]:
                raise OptionError(f"cov is not symmetric: cov[{i}][{j}]={cov[i][j]!r}, cov[{j}][{i}]={cov[j][i]!r}.")


def _measures(measure: str | Sequence[str] | None, p: int) -> tuple[str, ...]:
    codes = [measure or "GEN"] * p if measure is None or isinstance(measure, str) else list(measure)
    if len(codes) != p:
        raise OptionError(f"measure={measure!r} must be one code, or one for each of the {p} outcomes.")
    return tuple(one_of("measure", code, MEASURES) for code in codes)


def _read(
    frame: pd.DataFrame, yi: Sequence[str], cov: Sequence[Sequence[str]], labels: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return effects (k, p) and sampling covariances (k, p, p), 0 where an outcome is not reported."""
    y = np.stack([numbers(frame[c], c, labels) for c in yi], 1)
    s = np.stack([np.stack([numbers(frame[c], c, labels) for c in row], 1) for row in cov], 1)
    there = np.isfinite(y)
    for i, name in enumerate(yi):
        refuse(np.isinf(y[:, i]), labels, lambda r, i=i, name=name: f"{name}={y[r, i]} is infinite.")
        for j in range(i + 1):
            _element(s[:, i, j], there[:, i] & there[:, j], cov[i][j], name if i == j else "", labels)
    both = there[:, :, None] & there[:, None, :]
    s = np.where(both, s, 0.0)
    filled = s + np.eye(len(yi)) * ~there[:, :, None]
    scale = np.sqrt(np.diagonal(filled, axis1=1, axis2=2))
    least = np.linalg.eigvalsh(filled / (scale[:, :, None] * scale[:, None, :]))[:, 0]
    refuse(least < 1e-10, labels, lambda r: "its sampling covariances are too large for its variances: no covariance "
           f"matrix (the correlation within trials must lie between -1 and 1): {s[r].tolist()}.")  # fmt: skip
    return y, s


def _element(values: Floats, needed: Any, column: str, effect: str, labels: Sequence[str]) -> None:
    """Refuse a variance or covariance that is missing, infinite or, of a variance, not above 0."""
    if effect:
        refuse(needed & np.isnan(values), labels, lambda r: f"{effect} has no variance ({column}); add it, or take the "
               f"effect out.")  # fmt: skip
        refuse(needed & (values <= 0), labels, lambda r: f"{column}={values[r]:g} is not above 0; a sampling variance "
               "is a squared standard error.")  # fmt: skip
    else:
        refuse(needed & np.isnan(values), labels, lambda r: f"{column} is missing, and both its outcomes are reported; "
               "take the correlation within trials times both standard errors.")  # fmt: skip
    refuse(needed & np.isinf(values), labels, lambda r: f"{column} is infinite.")
    refuse_beyond(np.where(needed, values, np.nan), column, labels, 1 / LARGEST if effect else 0.0)


def _estimable(y: Floats, yi: Sequence[str], structure: str) -> None:
    there = np.isfinite(y).astype(int)
    together = there.T @ there
    for i, name in enumerate(yi):
        if together[i, i] < 2:
            raise DataError(f"{name!r} is reported by {together[i, i]} trial; pooling it needs two.")
        for j in range(i):
            if structure == "unstructured" and together[i, j] < 2:
                raise DataError(
                    f"{together[i, j]} trials report both {yi[j]!r} and {name!r}: their correlation between trials "
                    "cannot be estimated; structure='diagonal' leaves it out."
                )


def _q(m: mixed_model.Model) -> float:
    """Return Cochran's Q about one common effect for each outcome."""
    none = np.zeros(m.components)
    w = mixed_model.inverses(mixed_model.covariances(m, none))
    beta = mixed_model.fit(m, w)[0]
    residual = [b.y - b.x @ beta for b in m.batches]
    return sum(float(np.einsum("bi,bij,bj->", r, a, r)) for a, r in zip(w, residual, strict=True))


def _notes(psi: Between, outcomes: tuple[str, ...], reported: Any, k: int, structure: str) -> tuple[str, ...]:
    notes = [f"{n} of {k} trials report {name!r}." for name, n in zip(outcomes, reported, strict=True) if n < k]
    zero = [name for name, v in zip(outcomes, np.diag(psi.cov), strict=True) if v == 0 and structure != "common"]
    if zero:
        notes.append(f"the variance between trials of {', '.join(zero)} is estimated as 0.")
    if psi.boundary and structure == "unstructured" and len(zero) < len(outcomes):
        notes.append(f"{SINGULAR}.")
    return tuple(notes)
