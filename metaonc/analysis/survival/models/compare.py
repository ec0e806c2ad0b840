"""compare_models: parametric models beside each other by Akaike's criterion."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.check import columns_exist, confidence_level, one_of, time_unit
from ....base.frames import rows_of, to_pandas
from ....base.labels import blanks, join_labels
from ....base.messages.arguments import known_arguments
from ....errors import ConvergenceError, DataError, DataWarning, OptionError
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ...numeric.time_to_event.spline import LINKS
from ..doubts import of_twins
from ..two_arms.arms import Arms, read_arms
from .comparison import ModelComparison
from .fitting import data_of
from .forms import Data
from .specification import SPLINE, Specification


class _Fit(NamedTuple):
    loglik: float
    aic: float
    note: str


@known_arguments
def compare_models(
    ipd: Any,
    *,
    study: str | None = None,
    distributions: Sequence[str] = ("exp", "weibull", "gompertz", "gamma", "lnorm", "llogis", "gengamma"),
    knots: Sequence[int] = (1, 2, 3),
    scales: Sequence[str] = ("hazard", "odds", "normal"),
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
    unit: str | None = None,
) -> ModelComparison:
    """Compare parametric models of two arms by Akaike's criterion, in one trial or over several.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    The criterion tells how models fit where there are data; models that fit alike can differ much beyond:
    ``plot.model_curves`` shows them over the Kaplan-Meier estimates.

    Parameters
    ----------
    ipd : dataframe
        As of `parametric`.
    study : str, optional
        Column of the trial: each model is then fitted to each trial, and its criterion summed over them.
    distributions : list of str
        As in ``parametric``.
    knots, scales : list
        Of the spline models, as in ``royston_parmar``; each number of knots on each scale.
    control : label, optional
        As of `parametric`.
    time, event, arm : str
        As of `parametric`.
    level : float, default 0.95
        As of `parametric`; of the intervals of the models that it gives.
    unit : str, optional
        As of `parametric`.

    Returns
    -------
    ModelComparison
        ``.table`` has one row a model, the best first; ``.fit(model, study=...)`` gives a model.

    Raises
    ------
    ColumnError, OptionError, DataError
        As ``parametric``; a trial without a name or without one of the arms.

    References
    ----------
    Akaike 1974 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> r = mo.survival.compare_models(patients, control="b", distributions=["exp", "weibull"], knots=[])
    >>> r.table["model"].tolist(), r.best
    (['Weibull', 'exponential'], 'Weibull')
    """
    kinds, level = _asked(distributions, knots, scales), confidence_level(level)
    unit = time_unit(unit, ipd)
    columns = {"control": control, "time": time, "event": event, "arm": arm}
    whole = read_arms(ipd, **columns)
    trials, joined = {"": whole}, tuple[str, ...]()
    if study is not None:
        trials, joined = _trials(ipd, study, columns | {"control": whole.names[1]})
    whole = whole._replace(
        corrected=(*whole.corrected, *joined), doubts=whole.doubts if study is None else partial(_doubts, trials)
    )
    samples = {name: _data(name, arms, event) for name, arms in trials.items()}
    fits = [[_fit(kind, data) for data in samples.values()] for kind in kinds]
    rows = [_row(kind, dict(zip(trials, own, strict=True))) for kind, own in zip(kinds, fits, strict=True)]
    table = pd.DataFrame(rows).sort_values("aic", kind="stable")
    own = pd.DataFrame([[fit.aic for fit in each] for each in fits], columns=pd.Index(list(trials)))
    patients = pd.concat([arms.patients().assign(study=name) for name, arms in trials.items()], ignore_index=True)
    return ModelComparison(
        table=table.assign(difference=table["aic"] - table["aic"].min()).reset_index(drop=True),
        trial_aic=own.loc[table.index].reset_index(drop=True), patients=patients, n=len(patients),
        events=int(patients["event"].sum()), treatment=whole.names[0], control=whole.names[1], study=study, level=level,
        unit=unit, provenance=whole.provenance(
            "survival.compare_models", study=study, time=time, event=event, arm=arm, distributions=list(distributions),
            knots=list(knots), scales=list(scales), level=level, unit=unit,
        ),
    )  # fmt: skip


def _data(trial: str, arms: Arms, event: str) -> Data:
    try:
        return data_of(arms, event)
    except DataError as problem:
        raise DataError(f"trial {trial!r}: {problem}" if trial else str(problem)) from None


def _asked(distributions: Sequence[str], knots: Sequence[int], scales: Sequence[str]) -> list[Specification]:
    """Return the models that were asked for."""
    for name, given in (("distributions", distributions), ("scales", scales)):
        if isinstance(given, str):
            raise OptionError(f"{name}={given!r} is no list; give [{given!r}].")
    if not len(distributions) and not (len(knots) and len(scales)):
        raise OptionError("nothing to compare: give distributions=, or knots= with scales=.")
    kinds = [Specification(one_of("distributions", code, DISTRIBUTIONS)) for code in distributions]
    return kinds + [Specification(SPLINE, int(k), one_of("scales", scale, LINKS)) for scale in scales for k in knots]


def _doubts(trials: Mapping[str, Arms]) -> tuple[str, ...]:
    """Return the cautions on patients: of each trial, with its name, and of arms that stand in two."""
    within = tuple(f"{name}: {text}" for name, arms in trials.items() for text in arms.doubts())
    across = of_twins([(f"{arm} of {name}", sample) for name, arms in trials.items()
                       for arm, sample in zip(arms.names, arms.samples, strict=True)])  # fmt: skip
    return (*within, *across)


def _trials(ipd: Any, study: str, columns: dict[str, Any]) -> tuple[dict[str, Arms], tuple[str, ...]]:
    """Return the arms of each trial of a table whose rows were checked, and which labels of trials were joined."""
    frame = to_pandas(ipd)
    columns_exist(list(frame.columns), {"study": study})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # of arms, which was told when all rows were read
        frame = join_labels(frame, [columns["arm"]])[0]
    frame, joined = join_labels(frame, [study], rows_of(ipd, len(frame)))
    empty = np.flatnonzero(blanks(frame[study]))
    if len(empty):
        raise DataError(f"patient in row {empty[0]}: {study} is missing; name the trial, or take the patient out.")
    found = {}
    for label, own in frame.groupby(study, sort=False, observed=True):
        if own[columns["arm"]].nunique() < 2:
            raise DataError(
                f"trial {label!r} has patients of one arm only: nothing is compared. Take the trial out, or correct "
                "its arms."
            )
        found[str(label)] = read_arms(own.reset_index(drop=True), **columns)
    return found, tuple(joined)


def _fit(kind: Specification, data: Any) -> _Fit:
    try:
        found = kind.form(data).fit(data)
    except (ConvergenceError, DataError) as problem:
        return _Fit(np.nan, np.nan, str(problem))
    return _Fit(found.value, 2 * len(found.beta) - 2 * found.value, "")


def _row(kind: Specification, fits: dict[str, _Fit]) -> dict[str, Any]:
    notes = [f"{name}: {fit.note}" if name else fit.note for name, fit in fits.items() if fit.note]
    return {
        "model": kind.label, "parameters": kind.parameters * len(fits), "loglik": sum(f.loglik for f in fits.values()),
        "aic": sum(f.aic for f in fits.values()), "note": " ".join(notes), "distribution": kind.distribution,
        "knots": kind.knots, "scale": kind.scale,
    }  # fmt: skip
