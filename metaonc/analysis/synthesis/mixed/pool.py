"""pool_mixed: hazard ratios of patients, figures, reports and counts in one pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import confidence_level, one_of
from ....base.labels import spelling
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ....errors import DataError, OptionError
from ...effects.agreement import ROUTES_SHARE, ROUTES_SLACK
from ...pooling.inverse_variance.pool import pool
from ...survival.cox.partial_likelihood import TIES
from .result import MixedPool
from .rows import Found, of_counts, of_figures, of_patients, of_reports

SOURCES = ("patients", "figures", "reported", "counts")
CONFLICTS = ["study", "used", "other", "yi_used", "yi_other", "difference", "in_se", "conflict"]


@known_arguments
def pool_mixed(
    *,
    patients: Any = None,
    figures: Mapping[Any, Any] | None = None,
    reported: Any = None,
    counts: Any = None,
    control: Any = None,
    study: str | None = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    order: Sequence[str] = SOURCES,
    ties: str = "efron",
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
) -> MixedPool:
    r"""Pool log hazard ratios of whatever trials give: patients, figures, reported hazard ratios, counts of two arms.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Each trial enters once, by the first of its kinds of evidence in `order`. What its others say is shown beside, with
    how far it is from the one used, and is not averaged with it: they are of the same patients.

    Parameters
    ----------
    patients : dataframe, optional
        One row a patient, of the trials whose patients are at hand.
    figures : mapping, optional
        Trial -> hazard ratio made of its figure, as of ``hazard_ratio_of_ensemble`` or ``hazard_ratio_from_curves``.
    reported : dataframe, optional
        What ``effect_sizes(..., measure="HR")`` returned, with a column of the trial.
    counts : dataframe, optional
        One row a trial: its name, ``events_t``, ``n_t``, ``events_c``, ``n_c``. The difference on the scale of
        log(-log(1 - p)) is a log hazard ratio where hazards are proportional and arms are followed alike.
    control : label, optional
        The arm of the patients that the other is compared with.
    study : str, optional
        Column of the trial in all these tables; ``trial`` or ``study``, whichever each has, when not given.
    time, event, arm : str
        Columns of the patients: follow-up, event (1, or 0 where it was censored), and arm.
    order : list of str
        Which kind is taken where a trial has several.
    ties : {"efron", "breslow"}
        Of Cox's model of patients.
    method : str, default "REML"
        As of ``pool``.
    ci : str, default "HKSJ"
        As of ``pool``.
    level : float, default 0.95
        As of ``pool``.

    Returns
    -------
    MixedPool
        ``pool`` is the pool itself; ``evidence`` every row with its route and whether it was used; ``conflicts`` the
        rows of one trial compared.

    Raises
    ------
    ColumnError, OptionError, DataError
        A column, option or row that cannot be; a trial twice within one kind of evidence; no evidence at all.

    Notes
    -----
    Two routes of one trial conflict where their log hazard ratios differ by more than half a standard error and a tenth
    of their size, as for routes within a report.

    Examples
    --------
    >>> import metaonc as mo
    >>> reports = {"study": ["A", "B"], "hr": [0.7, 0.8], "lo": [0.55, 0.6], "hi": [0.89, 1.07]}
    >>> es = mo.effect_sizes(reports, measure="HR", study="study", hr="hr", ci_low="lo", ci_high="hi")
    >>> counts = {"study": ["B", "C"], "events_t": [60, 44], "n_t": [120, 90], "events_c": [90, 50], "n_c": [118, 92]}
    >>> r = mo.survival.pool_mixed(reported=es, counts=counts)
    >>> r.evidence["used"].tolist(), r.conflicts["conflict"].tolist()
    ([True, True, False, True], [True])
    """
    level = confidence_level(level)
    ties = one_of("ties", ties, TIES)
    if isinstance(order, str) or sorted(order) != sorted(SOURCES):
        raise OptionError(f"order={order!r} must hold each of {', '.join(map(repr, SOURCES))} once.")
    columns = {"study": study, "time": time, "event": event, "arm": arm}
    found: dict[str, Found] = {}
    if patients is not None:
        found["patients"] = of_patients(patients, columns, control, ties)
    if figures is not None:
        found["figures"] = of_figures(figures)
    if reported is not None:
        found["reported"] = of_reports(reported, study)
    if counts is not None:
        found["counts"] = of_counts(counts, study)
    if not found:
        raise OptionError("give evidence: patients=, figures=, reported= or counts=.")
    rows = _chosen(found, order)
    table = rows[rows["used"]]
    if not len(table):
        raise DataError("no trial has a log hazard ratio with a variance.")
    es = pd.DataFrame(table[["study", "yi", "vi", "route"]]).assign(measure="HR").reset_index(drop=True)
    pooled = pool(es, study="study", method=method, ci=ci, level=level)
    whole = pooled.provenance
    provenance = Provenance(
        verb="survival.pool_mixed",
        settings={**whole.settings, **columns, "control": None if control is None else str(control), "ties": ties,
                  "order": list(order)},
        rows_in=len(rows), rows_used=len(es), dropped=sum((f.dropped for f in found.values()), ()),
        corrected=sum((f.corrected for f in found.values()), ()),
        notes=sum((f.notes for f in found.values()), ()) + whole.notes,
        cautions=whole.cautions + sum((f.cautions for f in found.values()), ()),
    )  # fmt: skip
    return MixedPool(pool=pooled, evidence=rows, conflicts=_conflicts(rows), provenance=provenance)


def _chosen(found: Mapping[str, Found], order: Sequence[str]) -> pd.DataFrame:
    """Return all rows, trials in the order they come in, and which of them is used."""
    for source, one in found.items():
        twice = one.rows["study"].duplicated()
        if twice.any():
            raise DataError(f"trial {one.rows.loc[twice, 'study'].iloc[0]!r} stands twice in {source}=: give its rows "
                            "as one, or names of their own.")  # fmt: skip
    rows = pd.concat([one.rows for one in found.values()], ignore_index=True)
    names: dict[str, str] = {}
    rows["study"] = [names.setdefault(spelling(x), x) for x in rows["study"]]
    rank = rows["source"].map({source: i for i, source in enumerate(order)})
    place = rows["study"].map({name: i for i, name in enumerate(dict.fromkeys(rows["study"]))})
    sorted_rows = rows.assign(rank=rank, place=place).sort_values(["place", "rank"], kind="stable")
    used = ~sorted_rows["study"].duplicated()
    return sorted_rows.assign(used=used).drop(columns=["rank", "place"]).reset_index(drop=True)


def _conflicts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each row that is not used beside the one that is."""
    used = rows[rows["used"]].set_index("study")
    out = []
    for row in rows[~rows["used"]].to_dict("records"):
        own = used.loc[row["study"]]
        difference = float(row["yi"] - own["yi"])
        se = float(np.sqrt(own["vi"]))
        far = abs(difference) > ROUTES_SLACK * se and abs(difference) > ROUTES_SHARE * abs(float(own["yi"]))
        out.append((row["study"], own["source"], row["source"], own["yi"], row["yi"], difference, difference / se, far))
    return pd.DataFrame(out, columns=CONFLICTS)
