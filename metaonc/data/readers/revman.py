"""Cochrane reviews: the studies that a RevMan file holds, under the names of metaonc."""

from __future__ import annotations

import csv
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from ...base.files import parsing, read_bytes
from ...base.messages.arguments import known_arguments
from ...base.messages.left_out import rows_by_outcome
from ...base.messages.warning import warn
from ...errors import DataError, DataWarning, OptionError
from .cochrane.review import Review, Study
from .cochrane.revman_csv import is_export, parse_export
from .cochrane.revman_web import parse_package, parse_tables
from .cochrane.rm5 import parse_rm5
from .counts import check_counts
from .files.bytes import decode


@known_arguments
def read_revman(path: str | PathLike[str], *, analysis: str | None = None) -> pd.DataFrame:
    """Read the studies of a Cochrane review of interventions.

    Parameters
    ----------
    path : str or path
        An .rm5 file of RevMan 5, or its export of data and analyses (.csv); the data package (.zip) that RevMan Web
        exports; or its table of studies (``...-data-rows.csv``), with that of settings
        (``...-overall-estimates-and-settings.csv``) beside it.
    analysis : str, optional
        Number of one analysis, as RevMan prints it: ``"1.2"``; all when not given.

    Returns
    -------
    pandas.DataFrame
        One row a study of an analysis (and subgroup), in the file's order:

        - analysis, comparison, outcome, subgroup, study, year;
        - data_type: dichotomous, continuous, O-E and variance, or inverse variance; effect_measure: OR, RR, RD, PETO,
          HR, MD, SMD, or as its authors named it; method: MH, IV or PETO; model: common or random;
        - the figures of these types, ``_t`` experimental and ``_c`` control: events_t, n_t, events_c, n_c; mean_t,
          sd_t, mean_c, sd_c; o_minus_e, v; yi, vi, se, log_scale (whether yi is the logarithm of a ratio);
        - effect, effect_low, effect_high: RevMan's own, as it draws them;
        - label_t, label_c; non_events: whether RevMan analyses the patients without the event (the counts here are as
          they were entered).

        ``attrs["reading"]`` holds the source, its format, and what was left out.

    Raises
    ------
    DataError
        A file that is missing, too large, damaged or no such review; a value that is no number; a count that is not
        whole, or more events than patients: names study and row of the table, value and fix.
    OptionError
        An analysis that does not exist; the message lists those that do.

    Warns
    -----
    DataWarning
        Analyses that hold text only were left out; RevMan analyses non-events.

    Notes
    -----
    Numbers are taken by the type of the analysis only: RevMan writes zeros into the fields of the other types. Numbers
    of patients that are 0 in both arms were not entered where an analysis does not need them, and are NaN. Whether an
    estimate of an .rm5 file is a logarithm follows from the effect that RevMan shows beside it.

    An export of data and analyses holds dichotomous and continuous analyses; its swaps of events are not in it, and its
    subgroups follow from where the statistics of their subtotals stand, which no file of RevMan's own has confirmed.

    Dichotomous and continuous analyses were checked on files that RevMan 5 and RevMan Web wrote; O-E, inverse variance
    and subgroups of .rm5 files against R's meta, on a file made for it. Unverified are these three in data packages,
    which follow Cochrane's specification of version 1, and packages of September 2024 and later, which are read as long
    as their columns keep these names.

    Examples
    --------
    >>> import metaonc as mo
    >>> studies = mo.read_revman("review.rm5", analysis="1.1")  # doctest: +SKIP
    >>> es = mo.effect_sizes(studies, measure="HR", o_minus_e="o_minus_e", v="v", study="study")  # doctest: +SKIP
    """
    path = Path(path)
    with parsing(str(path)):
        review = _review(path)
        chosen = _chosen(review, analysis, str(path))
        table = pd.DataFrame([_row(study) for study in chosen])
        check_counts(table, [f"{s.analysis.number}, {s.name}" for s in chosen], what="study")
        if "se" in table:
            table.insert(list(table).index("se"), "vi", table["se"] ** 2)
    table.attrs["reading"] = {
        "source": str(path),
        "format": review.format,
        "left_out": list(review.left_out),
        "rows": rows_by_outcome(table),
    }
    _warn(str(path), review, chosen)
    return table


def _review(path: Path) -> Review:
    kind = path.suffix.lower()
    if kind == ".rm5":
        return parse_rm5(read_bytes(path), str(path))
    if kind == ".zip":
        return parse_package(path)
    if kind == ".csv":
        data = read_bytes(path)
        first = decode(data.partition(b"\n")[0], str(path))
        return parse_export(data, str(path)) if is_export(next(csv.reader([first]), [])) else parse_tables(path)
    raise DataError(f"{str(path)!r} is no file of RevMan: an .rm5 file, or a .zip or .csv of RevMan Web, is wanted.")


def _chosen(review: Review, analysis: str | None, source: str) -> list[Study]:
    if analysis is None:
        return list(review.studies)
    chosen = [study for study in review.studies if study.analysis.number == analysis]
    if not chosen:
        known = {s.analysis.number: f"{s.analysis.number!r} ({s.analysis.outcome})" for s in review.studies}
        raise OptionError(f"analysis={analysis!r} is not in {source!r}; it has {', '.join(known.values())}.")
    return chosen


def _row(study: Study) -> dict[str, object]:
    a = study.analysis
    effect, low, high = study.shown
    scale = {} if study.log_scale is None else {"log_scale": study.log_scale}
    return {
        "analysis": a.number,
        "comparison": a.comparison,
        "outcome": a.outcome,
        "subgroup": study.subgroup or np.nan,
        "study": study.name,
        "year": study.year or np.nan,
        "data_type": a.kind.name,
        "effect_measure": a.measure,
        "method": a.method,
        "model": a.model,
        **study.figures,
        **scale,
        "effect": effect,
        "effect_low": low,
        "effect_high": high,
        "label_t": a.label_t or np.nan,
        "label_c": a.label_c or np.nan,
        "non_events": a.non_events,
    }


def _warn(source: str, review: Review, chosen: list[Study]) -> None:
    said = [f"left out: {'; '.join(review.left_out)}"] if review.left_out else []
    swapped = list(dict.fromkeys(s.analysis.number for s in chosen if s.analysis.non_events))
    if swapped:
        said.append(f"RevMan analyses non-events in {', '.join(swapped)}; events are as entered (column non_events)")
    if said:
        warn(f"{source}: {'. '.join(said)}.", DataWarning)
