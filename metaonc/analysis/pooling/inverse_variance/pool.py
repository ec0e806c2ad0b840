"""pool: effects and their sampling variances become one estimate."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist, confidence_level, labels_of, numbers, one_of, refuse, where
from ....base.frames import rows_of, to_pandas
from ....base.result import Provenance
from ....errors import DataError, DataWarning, MethodWarning, OptionError
from ...effects import inputs
from ...effects.measures import MEASURES, Measure
from ...methods.intervals import CI_METHODS, PREDICTION_METHODS, from_covariance
from ...methods.tau2 import GENQ, TAU2_METHODS, is_common
from ...numeric.distributions import critical
from ...numeric.wls import Floats
from ...results.back_transform import of_sizes
from ...results.studies import Studies
from .estimate import estimate
from .result import MetaResult

STANDARD_ERRORS = ("se", "sei", "sete", "se_yi", "stderr", "std_err", "std_error", "standard_error", "se_loghr")


def pool(
    table: Any,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str | None = None,
    measure: str | None = None,
    method: str = "REML",
    ci: str = "HKSJ",
    prediction: str | None = None,
    tau2: float | None = None,
    weights: str | None = None,
    level: float = 0.95,
) -> MetaResult:
    r"""Pool effects by inverse variance, with a common or a random effect.

    .. math:: \hat\mu = \frac{\sum w_i y_i}{\sum w_i}, \quad w_i = \frac{1}{v_i + \hat\tau^2}

    Parameters
    ----------
    table : dataframe
        One row a trial, as ``effect_sizes`` returns it.
    yi, vi : str
        Columns of effects, on the scale of analysis, and of their sampling variances (squared standard errors).
    study : str, optional
        Column that names the trial.
    measure : str, optional
        What yi is, for labels and back-transform; when not given, the column ``measure`` says it.
    method : str, default "REML"
        Estimator of tau²: CE (none: common effect), DL, HE, HS, HSk, SJ, ML, REML, EB, PM, PMM, or GENQ (generalised
        Q statistic, with `weights`).
    ci : str, default "HKSJ"
        Confidence interval: a code of ``mo.CI_METHODS``, such as HKSJ, HKSJ-adhoc, t, wald, KR or HC.
    prediction : {"t", "HTS", "HK", "HK-PR", "KR", "KR-PR", "NNF", "wald"}, optional
        Prediction interval; when not given, ``t`` with three trials or more and none with fewer.
    tau2 : float, optional
        Variance between trials when it is known from elsewhere; `method` then is not used to estimate it.
    weights : str, optional
        Column of weights for GENQ, which both tau² and the pooled effect are made with.
    level : float, default 0.95
        Level of both intervals.

    Returns
    -------
    MetaResult

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A variance that is not above 0, an infinite effect, two rows of the same label, no complete row:
        names trial, row and value.

    Warns
    -----
    DataWarning
        Rows without effect or variance were left out.
    MethodWarning
        A Freeman-Tukey mean whose back-transform depends on the size it is made with by more than half the width of
        its interval.

    References
    ----------
    DerSimonian and Laird 1986; Viechtbauer 2005; Knapp and Hartung 2003, doi:10.1002/sim.1482;
    Jackson et al. 2017, doi:10.1002/sim.7411.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> round(r.estimate, 4), round(r.se, 4)
    (-0.3128, 0.113)
    """
    _check_options(method, ci, prediction, tau2, weights)
    confidence_level(level)
    studies, code, dropped = read_studies(table, yi, vi, study, measure)
    options: dict[str, Any] = {
        "method": method,
        "ci": ci,
        "prediction": prediction,
        "level": level,
        "tau2": tau2,
        "weights": weights,
    }
    return pooled(studies, code, dropped, **options)


def pooled(
    studies: Studies,
    code: str,
    dropped: tuple[str, ...] = (),
    *,
    method: str,
    ci: str,
    prediction: str | None,
    level: float,
    tau2: float | None,
    weights: str | None,
) -> MetaResult:
    """Return the pool of trials that were read, by options that were checked; see `pool`."""
    k = len(studies.yi)
    if is_common(method) and tau2 is None:
        prediction = None  # a common effect has nothing to predict
    elif prediction is None and k >= 3 and ci in from_covariance():
        prediction = "t"
    a = _weights(studies, weights) if weights else None
    fields = estimate(studies.yi, studies.vi, method, ci, prediction, level, tau2, a)
    ci = ci if k > 1 else "wald"
    settings = {"measure": code, "method": method, "ci": ci, "prediction": prediction, "level": level, "tau2": tau2,
                "weights": weights}  # fmt: skip
    provenance = Provenance(
        verb="pool",
        settings=settings,
        rows_in=k + len(dropped),
        rows_used=k,
        dropped=dropped,
        corrected=_corrected(studies),
        notes=_notes(fields, studies, code, method, ci),
    )
    return MetaResult(
        **fields, measure=code, method=method, ci=ci, prediction=prediction, studies=studies, provenance=provenance
    )


def _check_options(method: str, ci: str, prediction: str | None, tau2: float | None, weights: str | None) -> None:
    one_of("method", method, [*TAU2_METHODS, GENQ])
    interval = CI_METHODS[one_of("ci", ci, CI_METHODS)]
    interval.check(method)
    predicted = None if prediction is None else PREDICTION_METHODS[one_of("prediction", prediction, PREDICTION_METHODS)]
    if predicted and predicted.ci:
        CI_METHODS[predicted.ci].check(method)
    if tau2 is not None and not 0 <= tau2 < np.inf:
        raise OptionError(f"tau2={tau2!r} is a variance: it must be a number from 0.")
    if (method == GENQ) != (weights is not None):
        raise OptionError(f"weights= names a column of weights for method={GENQ!r}: give both or neither.")
    if weights is not None and not (interval.any_weights and (predicted is None or predicted.any_weights)):
        fit_for = " or ".join(repr(code) for code, record in CI_METHODS.items() if record.any_weights)
        raise OptionError(f"with weights of your own the intervals are {fit_for}.")


def _weights(studies: Studies, column: str) -> Floats:
    columns_exist(list(studies.data.columns), {"weights": column})
    a = numbers(studies.data[column].to_numpy(), "weights", studies.labels)
    bad = ~((a > 0) & np.isfinite(a))
    refuse(bad, studies.labels, lambda i: f"weights={a[i]:g} must be above 0; column {column!r}.")
    return a


def read_studies(
    table: Any, yi: str, vi: str, study: str | None, measure: str | None
) -> tuple[Studies, str, tuple[str, ...]]:
    """Check a table of effects; return its complete rows, the measure, and a sentence for each row left out."""
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"yi": yi, "vi": vi, "study": study})
    if vi.lower() in STANDARD_ERRORS:
        raise OptionError(f"vi={vi!r} names standard errors; square them into a column of sampling variances.")
    labels = labels_of(frame[study].tolist() if study else None, rows_of(table, len(frame)))
    y = numbers(frame[yi].to_numpy(), yi, labels)
    v = numbers(frame[vi].to_numpy(), vi, labels)
    refuse(np.isinf(y), labels, lambda i: f"{yi}={y[i]} is infinite; correct its empty cell or use pool_glmm.")
    refuse(v <= 0, labels, lambda i: f"{vi}={v[i]:g} is not above 0; a sampling variance is a squared standard error.")
    refuse(np.isinf(v), labels, lambda i: f"{vi} is infinite: the trial says nothing; leave it out.")
    code = _measure_of(frame, measure)
    there = np.isfinite(y) & np.isfinite(v)
    if not there.any():
        raise DataError(f"no row has both an effect ({yi}) and a sampling variance ({vi}).")
    dropped = tuple(f"{where(labels, int(i))}: {_why(frame, int(i), yi, vi)}" for i in np.flatnonzero(~there))
    if dropped:
        warnings.warn(f"{len(dropped)} of {len(frame)} rows left out. {dropped[0]}", DataWarning, stacklevel=3)
        frame, y, v = frame[there].reset_index(drop=True), y[there], v[there]
        labels = labels.kept(there)
    y.flags.writeable = v.flags.writeable = False
    roles, level, notes = inputs.read(frame, MEASURES[code])
    studies = Studies(labels=labels, yi=y, vi=v, data=frame, roles=roles, reported_level=level, notes=notes)
    return studies, code, dropped


def _why(frame: pd.DataFrame, row: int, yi: str, vi: str) -> str:
    """Say why a row has no effect: the route says what lacks or why it was left out, where there is one."""
    route = str(frame["route"].iloc[row]) if "route" in frame.columns else ""
    return (
        route if route.startswith(("missing", "left out")) else f"missing: {yi if pd.isna(frame[yi].iloc[row]) else vi}"
    )


def _measure_of(frame: pd.DataFrame, measure: str | None) -> str:
    """Return the code that the caller gives, or the one that the table's column ``measure`` holds in every row."""
    if measure is not None:
        return one_of("measure", measure, MEASURES)
    if "measure" not in frame.columns:
        return "GEN"
    codes = frame["measure"].unique()
    if len(codes) > 1:
        raise DataError(f"the table mixes the measures {', '.join(map(str, codes))}; pool one at a time.")
    return one_of("measure", codes[0], MEASURES)


def _corrected(studies: Studies) -> tuple[str, ...]:
    if "route" not in studies.data.columns:
        return ()
    routes = zip(studies.labels, studies.data["route"].astype(str), strict=True)
    return tuple(f"trial {label!r}: {route}" for label, route in routes if "added" in route)


def _back_transform(record: Measure, sizes: Floats, f: dict[str, Any]) -> str:
    """Return, and where the choice of a size decides the result warn of, how a mean is back-transformed."""
    back = of_sizes(record, sizes, f["estimate"], (f["ci_low"], f["ci_high"]))
    if back.misleads:
        warnings.warn(back.note, MethodWarning, stacklevel=5)
    return back.note


def _notes(f: dict[str, Any], studies: Studies, measure: str, method: str, ci: str) -> tuple[str, ...]:
    notes = []
    k, random, interval = f["k"], not is_common(method), CI_METHODS[ci]
    if k == 1:
        notes.append("one trial: its own estimate with a normal interval; variance between trials cannot be estimated.")
    elif k == 2 and random and np.isfinite(f["df"]):
        notes.append("two trials: the t interval has one degree of freedom and tells little; report both trials.")
    elif k < 5 and random:
        notes.append(f"{k} rows: tau² is hardly known, and intervals that take it as known may be too narrow.")
    common = 2 * critical(f["level"]) / np.sqrt((1 / studies.vi).sum())
    if k > 1 and random and interval.safeguard and f["ci_high"] - f["ci_low"] < common:
        notes.append(
            f"the {ci} interval is narrower than the common-effect one; ci={interval.safeguard!r} prevents that."
        )
    if f["df"] < 1:
        notes.append(
            f"{interval.label} has {f['df']:.2g} degrees of freedom: its interval says next to nothing; take ci='HKSJ'."
        )
    sizes = studies.counts(MEASURES[measure].inverse_needs or "")
    if sizes is not None and not np.isnan(sizes).any():
        notes.append(_back_transform(MEASURES[measure], sizes, f))
    if len(set(studies.labels)) < k:
        rows = Counter(studies.labels)
        twice = next(label for label in studies.labels if rows[label] > 1)
        notes.append(f"trial {twice!r} gives more than one row; they are taken as independent patients.")
    return (*notes, *studies.notes)
