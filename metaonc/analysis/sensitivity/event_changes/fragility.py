"""fragility and fragility_of_trials: how few patients make or unmake significance."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist, confidence_level, labels_of, one_of, refuse
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.arguments import known_arguments
from ....base.numbers import numbers
from ....base.result import Provenance
from ....errors import DataError, OptionError
from ...effects import checks
from ...effects.inputs import study_of
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..refits import can_refit, refuse_correlated
from .greedy import Model, shortest
from .result import FragilityResult, TrialFragilityResult
from .tests import COMPUTE, TRIAL_TESTS, TrialTest, effects_of

ROLES = ("events_t", "n_t", "events_c", "n_c")


@known_arguments
def fragility(result: MetaResult) -> FragilityResult:
    """Return the fragility index of a pool of two arms: how many patients' event status decides its significance.

    One patient at a time has an event, or has none, in whatever trial and arm moves the confidence limit most, until
    the interval includes no effect, or excludes it. The pool is made anew each time, as the result was.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned of odds ratios, risk ratios or risk differences, from ``effect_sizes`` of events and
        patients with its correction of zero cells as it is by default.

    Returns
    -------
    FragilityResult
        Its `index` is the number of patients, its `quotient` that over all patients, its `path` has one row a patient.

    Raises
    ------
    DataError
        When `result` is of another kind or measure, its counts are not known, or no change of patients gets there.
    OptionError
        A result with ``HC`` intervals, GENQ weights or correlated sampling errors; effects with another correction.

    Notes
    -----
    The path is greedy: a shorter one may exist, whose first steps are not the best ones. The index grows with the size
    of the trials and measures distance from p = 1 - level, nothing else; it is no measure of bias or of precision.

    References
    ----------
    Atal et al. 2019, doi:10.1016/j.jclinepi.2019.03.012.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"trial": list("ABC"), "a": [8, 12, 9], "n": [60, 80, 70], "b": [16, 22, 17], "m": [60, 80, 70]}
    >>> es = mo.effect_sizes(d, measure="OR", events_t="a", n_t="n", events_c="b", n_c="m", study="trial")
    >>> mo.sensitivity.fragility(mo.pool(es, study="trial", ci="wald")).index
    8
    """
    if not isinstance(result, MetaResult):
        raise DataError(
            f"a result of pool is wanted, not {type(result).__name__}: the index is of pools by inverse variance; of "
            "the trials' own tables, which need no model, take sensitivity.fragility_of_trials."
        )
    can_refit(result.ci, result.method, "changes of its counts")
    refuse_correlated(result, "changes of single patients")
    counts = _counts(result)
    null = result.record.null
    assert null is not None  # measures of two arms have one
    model = Model(effects_of(result.measure), result.method, result.ci, result.level,
                  result.provenance.settings["tau2"], null)  # fmt: skip
    events, n = counts[[0, 2]], counts[[1, 3]]
    changes = shortest(model, events, n)
    if changes is None:
        raise DataError("no change of patients, one at a time, alters whether the pool is significant.")
    labels = np.array(result.studies.labels, dtype=object)
    path = pd.DataFrame(changes).assign(
        trial=lambda t: labels[t["trial"]], arm=lambda t: np.where(t["arm"] == 0, "treatment", "control"),
        step=lambda t: np.where(t["step"] > 0, "event", "no event"),
    )  # fmt: skip
    after = events.copy()
    for change in changes:
        after[change.arm, change.trial] += change.step
    return FragilityResult(
        index=len(changes),
        quotient=len(changes) / float(n.sum()),
        path=path.rename(columns={"step": "becomes"}),
        before=_table(labels, events, n),
        after=_table(labels, after, n),
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="sensitivity.fragility", notes=()),
    )


def _table(labels: Any, events: Floats, n: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {"study": labels, "events_t": events[0], "n_t": n[0], "events_c": events[1], "n_c": n[1]}
    )  # fmt: skip


def _counts(result: MetaResult) -> Floats:
    """Return events and patients of both arms, (4, k), of which the effects are."""
    one_of("measure of a pool whose patients change", result.measure, COMPUTE)
    found = [result.studies.counts(role) for role in ROLES]
    known = [x for x in found if x is not None]
    if len(known) < len(ROLES) or not np.isfinite(known).all():
        raise DataError(
            "the counts of this pool are not known: make its effects by effect_sizes of events and patients."
        )
    counts = np.stack(known)
    y, v = effects_of(result.measure)(*counts)
    if not (np.allclose(y, result.studies.yi, rtol=1e-8) and np.allclose(v, result.studies.vi, rtol=1e-8)):
        raise OptionError(
            "these effects are not those of the counts with 0.5 added to trials with a zero cell: make them by "
            "effect_sizes with its defaults."
        )
    return counts


@known_arguments
def fragility_of_trials(
    table: Any, *, events_t: str, n_t: str, events_c: str, n_c: str, study: str | None = None, test: str = "fisher",
    level: float = 0.95,
) -> TrialFragilityResult:  # fmt: skip
    """Return the fragility index of single trials: the fewest patients, in both arms together, that decide the test.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Every change of so many patients is tried, in either arm and either direction, before one more is.

    Parameters
    ----------
    table : dataframe
        One row a trial.
    events_t, n_t, events_c, n_c : str
        Columns of events and patients of treatment and control.
    study : str, optional
        Column that names the trial.
    test : {"fisher", "chisq", "OR", "RR", "RD"}
        Fisher's exact test, the chi-square test with Yates' correction, or Wald's test of a measure, with 0.5 added to
        all cells where one is 0.
    level : float, default 0.95
        A trial is significant where p is below 1 - level.

    Returns
    -------
    TrialFragilityResult
        Its `table` has one row a trial: study, p_value, significant, index, quotient (index over patients), and the
        changes in events_t and events_c of one such case; NaN where no change alters the test.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        Counts that cannot be true, or are missing: names trial, row and value.

    Notes
    -----
    Walsh et al. add events to the arm with fewer of them until significance is lost; their index is never below this
    one, which also says how far a trial is from significance.

    References
    ----------
    Walsh et al. 2014, doi:10.1016/j.jclinepi.2013.10.019; changes in both arms: Lin 2021, doi:10.1111/jep.13428.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"trial": ["A", "B"], "a": [1, 5], "n": [50, 50], "b": [9, 6], "m": [50, 50]}
    >>> r = mo.sensitivity.fragility_of_trials(d, events_t="a", n_t="n", events_c="b", n_c="m", study="trial")
    >>> r["index"].tolist()
    [1, 5]
    """
    chosen = TRIAL_TESTS[one_of("test", test, TRIAL_TESTS)]
    confidence_level(level)
    columns = dict(zip(ROLES, (events_t, n_t, events_c, n_c), strict=True))
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {**columns, "study": study})
    study = study_of(frame, study)
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study], rows)
    labels = labels_of(frame[study].tolist() if study else None, rows)
    counts = {role: numbers(frame[column], column, labels, whole=True) for role, column in columns.items()}
    for role, column in columns.items():
        refuse(np.isnan(counts[role]), labels, lambda i, column=column: f"{column} is missing; add it, or take the row "
               "out.")  # fmt: skip
    checks.counts(counts, columns, labels, [("events_t", "n_t"), ("events_c", "n_c")])
    if not len(frame):
        raise DataError("the table has no trials.")
    arms = np.stack([counts[role] for role in ROLES], axis=1)
    lines = [_trial(chosen, a, n, b, m, 1 - level) for a, n, b, m in arms.tolist()]
    settings = {"test": test, "level": level, **columns}
    return TrialFragilityResult(
        table=pd.DataFrame({"study": np.array(labels, dtype=object), **counts}).join(pd.DataFrame(lines)),
        test=test,
        level=level,
        provenance=Provenance(verb="sensitivity.fragility_of_trials", settings=settings, rows_in=len(frame),
                              rows_used=len(frame), notes=joined),
    )  # fmt: skip


def _trial(test: TrialTest, a: float, n: float, b: float, m: float, alpha: float) -> dict[str, Any]:
    """Return the fragility of a trial: all changes of one patient, then all of two, and so on."""
    p = float(test.p(*(np.array([x]) for x in (a, n, b, m)))[0])
    found: dict[str, Any] = {"p_value": p, "significant": p < alpha, "index": np.nan, "quotient": np.nan,
                             "change_t": np.nan, "change_c": np.nan}  # fmt: skip
    for size in range(1, int(n + m) + 1):
        t = np.arange(-size, size + 1.0)
        other = size - np.abs(t)
        pairs = np.unique(np.concatenate([np.column_stack([t, other]), np.column_stack([t, -other])]), axis=0)
        new = pairs + np.array([a, b])
        inside = ((new >= 0) & (new <= [n, m])).all(1)
        pairs, new = pairs[inside], new[inside]
        if not len(new):
            break
        flips = (test.p(new[:, 0], np.full(len(new), n), new[:, 1], np.full(len(new), m)) < alpha) != (p < alpha)
        if flips.any():
            change = pairs[int(flips.argmax())]
            return found | {"index": size, "quotient": size / (n + m), "change_t": change[0], "change_c": change[1]}
    return found
