"""pool: effects and their sampling variances become one estimate."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.check import Labels, columns_exist, confidence_level, one_of, refuse
from ....base.frames import rows_of
from ....base.messages.arguments import known_arguments
from ....base.numbers import numbers
from ....base.result import Provenance
from ...methods.intervals import from_covariance, usual_interval
from ...methods.tau2 import GENQ, TAU2_METHODS, is_common
from ...numeric.correlated import turned
from ...numeric.wls import Floats
from ...results import patients, repeats
from ...results.studies import Studies
from .covariance import with_covariance, with_shared
from .estimate import estimate
from .notes import corrected, notes_of
from .options import check_correlated, check_options
from .read_studies import read_studies
from .result import MetaResult


@known_arguments
def pool(
    table: Any,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str | None = None,
    measure: str | None = None,
    method: str = "REML",
    ci: str | None = None,
    prediction: str | None = None,
    tau2: float | None = None,
    weights: str | None = None,
    covariance: Any = None,
    shared: str | None = None,
    level: float = 0.95,
) -> MetaResult:
    r"""Pool effects by inverse variance, with a common or a random effect.

    .. math:: \hat\mu = \frac{\sum w_i y_i}{\sum w_i}, \quad w_i = \frac{1}{v_i + \hat\tau^2}

    Rows that share patients have correlated sampling errors; with their covariances V the mean is that of generalised
    least squares, with W the inverse of V + tau² I, and each row has a true effect of its own.

    Parameters
    ----------
    table : dataframe
        One row a trial, as ``effect_sizes`` returns it.
    yi, vi : str
        Columns of effects, on the scale of analysis, and of their sampling variances (squared standard errors).
    study : str, optional
        Column that names the trial; when not given, the one that ``effect_sizes`` was told, if the table is its.
    measure : str, optional
        What yi is, for labels and back-transform; when not given, the column ``measure`` says it.
    method : str, default "REML"
        Estimator of tau²: CE (none: common effect), DL, HE, HS, HSk, SJ, ML, REML, EB, PM, PMM, or GENQ (generalised
        Q statistic, with `weights`).
    ci : str, optional
        Confidence interval: a code of ``mo.CI_METHODS``, such as HKSJ, HKSJ-adhoc, t, wald, KR or HC. When not given,
        HKSJ of random effects, and wald of a common effect, as with metafor's EE: sampling variances are all that it
        takes to vary, and the scatter by which HKSJ scales them is heterogeneity that this model denies.
    prediction : {"t", "HTS", "HK", "HK-PR", "KR", "KR-PR", "NNF", "wald"}, optional
        Prediction interval; when not given, ``t`` with three trials or more and none with fewer.
    tau2 : float, optional
        Variance between trials when it is known from elsewhere; `method` then is not used to estimate it.
    weights : str, optional
        Column of weights for GENQ, which both tau² and the pooled effect are made with.
    covariance : array or dataframe of shape (rows, rows), optional
        Sampling covariances of the rows of the table, variances on the diagonal as in `vi`; a dataframe may name its
        rows as `study` names the trials.
    shared : str, optional
        Column that names the control arm which rows share, as of a trial of several treatment arms; blank where a row
        has its own. The covariance is the control arm's part of the variance (Gleser and Olkin 2009), from the counts
        that ``effect_sizes`` knew: of log odds ratios 1/b + 1/(n - b), of hazard ratios 1/events.
    level : float, default 0.95
        Level of both intervals.

    Returns
    -------
    MetaResult
        The pooled effect with its intervals, tau² and the test of heterogeneity, on the scale of analysis.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist; with correlated errors an estimator or an interval that is not
        defined for them (HS, HSk, SJ, GENQ; HC, KR, NNF).
    DataError
        A variance that is not above 0, an infinite effect, no complete row, rows of several outcomes (by the column
        ``outcome``), rows of one trial that share patients,
        covariances that are none: names trial, row and value.

    Warns
    -----
    DataWarning
        Rows without effect or variance were left out; labels that differ by what no reader sees were joined.
    MethodWarning
        A Freeman-Tukey mean whose back-transform depends on the size it is made with by more than half the width of
        its interval.

    References
    ----------
    DerSimonian and Laird 1986; Viechtbauer 2005; Knapp and Hartung 2003, doi:10.1002/sim.1482;
    Jackson et al. 2017, doi:10.1002/sim.7411; Gleser and Olkin 2009, Stochastically dependent effect sizes, in The
    Handbook of Research Synthesis and Meta-Analysis (not read); of hazard ratios Woods, Hawkins and Scott 2010,
    doi:10.1186/1471-2288-10-54 (abstract, and eq. 7 as others quote it).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> round(r.estimate, 4), round(r.se, 4)
    (-0.3128, 0.113)

    Two doses against one placebo arm:

    >>> d = {"trial": ["A", "A", "B"], "arm": ["low", "high", "low"], "a": [10, 14, 8], "n": [50, 50, 40],
    ...      "b": [5, 5, 6], "m": [50, 50, 40], "control": ["placebo", "placebo", None]}
    >>> es = mo.effect_sizes(d, measure="OR", events_t="a", n_t="n", events_c="b", n_c="m", study="trial")
    >>> r = mo.pool(es, study="trial", shared="control", method="CE", ci="wald")
    >>> round(r.estimate, 4), round(r.se, 4)
    (0.7449, 0.394)
    """
    ci = ci or usual_interval(one_of("method", method, [*TAU2_METHODS, GENQ]), tau2)
    check_options(method, ci, prediction, tau2, weights)
    if covariance is not None or shared is not None:
        check_correlated(method, ci, prediction, covariance is not None and shared is not None)
    confidence_level(level)
    units = () if shared is None else (shared,)
    studies, code, dropped = read_studies(table, yi, vi, study, measure, units=units)
    said: tuple[str, ...] = ()
    if covariance is None:
        patients.refuse_overlap(studies)
    else:
        studies = with_covariance(studies, *_places(table, studies, len(dropped)), covariance)
    if shared is not None:
        studies, said = with_shared(studies, code, shared)
    asked: dict[str, Any] = {"method": method, "ci": ci, "prediction": prediction, "level": level, "tau2": tau2,
                             "weights": weights, "covariance": covariance is not None, "shared": shared}  # fmt: skip
    return pooled(studies, code, dropped, said, **asked)


def pooled(
    studies: Studies,
    code: str,
    dropped: tuple[str, ...] = (),
    said: tuple[str, ...] = (),
    *,
    method: str,
    ci: str,
    prediction: str | None,
    level: float,
    tau2: float | None,
    weights: str | None,
    covariance: bool,
    shared: str | None,
) -> MetaResult:
    """Return the pool of trials that were read, by options that were checked; see `pool`.

    Sampling errors are correlated as `studies` has it; `covariance` and `shared` say how that was given, and `said`
    what was made of it.
    """
    k = len(studies.yi)
    if is_common(method) and tau2 is None:
        prediction = None  # a common effect has nothing to predict
    elif prediction is None and k >= 3 and ci in from_covariance():
        prediction = "t"
    a = _weights(studies, weights) if weights else None
    alike = None if studies.covariance is None or k == 1 else turned(studies.yi, studies.covariance)
    fields = estimate(studies.yi, studies.vi, method, ci, prediction, level, tau2, a, alike)
    ci = ci if k > 1 else "wald"
    settings = {"measure": code, "method": method, "ci": ci, "prediction": prediction, "level": level, "tau2": tau2,
                "weights": weights, "covariance": covariance, "shared": shared}  # fmt: skip
    provenance = Provenance(
        verb="pool",
        settings=settings,
        rows_in=k + len(dropped),
        rows_used=k,
        dropped=dropped,
        corrected=corrected(studies),
        notes=said + notes_of(fields, studies, code, method, ci),
        cautions=repeats.cautions(
            studies,
            dependent=studies.covariance is not None,
            common=is_common(method),
            predicts=bool(np.isfinite(fields["prediction_low"])),
        ),
    )
    return MetaResult(
        **fields, measure=code, method=method, ci=ci, prediction=prediction, studies=studies, provenance=provenance
    )


def _places(table: Any, studies: Studies, dropped: int) -> tuple[list[int], int]:
    """Return the places of the rows that are used in the table given, and how many rows it has."""
    k = len(studies.yi) + dropped
    place = {row: i for i, row in enumerate(rows_of(table, k))}
    assert isinstance(studies.labels, Labels)  # as read_studies makes them
    return [place[row] for row in studies.labels.rows], k


def _weights(studies: Studies, column: str) -> Floats:
    columns_exist(list(studies.data.columns), {"weights": column})
    a = numbers(studies.data[column], "weights", studies.labels)
    bad = ~((a > 0) & np.isfinite(a))
    refuse(bad, studies.labels, lambda i: f"weights={a[i]:g} must be above 0; column {column!r}.")
    return a
