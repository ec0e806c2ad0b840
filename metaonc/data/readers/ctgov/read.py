"""Records of ClinicalTrials.gov that a user downloaded, as evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.files import parsing
from ....base.messages.arguments import known_arguments
from ....base.messages.warning import warn
from ....errors import DataError, DataWarning
from ...schema.row_rules import ROW_RULES, incomplete
from ...schema.tables import TABLES, field_problems
from .arms import Joined
from .measures import Reading, read
from .record import Record, record_of
from .registry import Registry
from .sources import documents, studies

_ORDER = (
    *("row_id", "trial", "registry_id", "arm_id", "arm", "subgroup_variable", "subgroup_level", "outcome", "assessor"),
    *("confirmed", "n", "events", "estimate", "ci_low", "ci_high", "ci_level", "ci_sides", "unit", "not_reached"),
    *("time_months", "se", "comparator", "n_comparator", "events_comparator", "hr", "hr_low", "hr_high", "hr_level"),
    *(
        "hr_sides",
        "odds_ratio",
        "or_low",
        "or_high",
        "or_level",
        "or_sides",
        "p_value",
        "p_bound",
        "p_sided",
        "data_cut",
    ),
    *(
        "cut",
        "supersedes",
        "derived",
        "population",
        "time_frame",
        "measure_number",
        "source_id",
        "source_where",
        "note",
    ),
)
_UNREAD = ("registry_id", "measure_number", "title", "param_type", "unit", "what", "reason")
_ARMS = ("arm_id", "trial", "registry_id", "arm", "protocol_arm", "arm_type", "other_titles", "randomised")
_RECORDS = ("registry_id", "trial", "title", "measures", "rows", "results_posted", "updated", "source")


class _Held(NamedTuple):
    """A record without its measures, their number, where it came from, and what was read of it."""

    record: Record
    measures: int
    source: str
    reading: Reading

    @classmethod
    def of(cls, record: Record, source: str) -> _Held:
        """Read a record and let go of its measures."""
        return cls(replace(record, measures=()), len(record.measures), source, read(record))


@known_arguments
def read_ctgov(source: str | PathLike[str] | Sequence[str | PathLike[str]]) -> Registry:
    """Read the results of ClinicalTrials.gov records that you downloaded, as a table of evidence.

    What a rule understands is read; everything else is listed in ``.unread`` with the reason, and nothing is guessed:
    an interval without its level, a count that may be of patients with the event or free of it, a ratio whose direction
    contradicts the figures of its arms.

    Parameters
    ----------
    source : str, path or sequence of str or path
        A record of version 2 of the registry's API as a JSON file (``https://clinicaltrials.gov/api/v2/studies/NCT...``,
        or the download button of the registry's page), a file of several, a folder or a ZIP archive of them, or a
        sequence of such paths. Nothing is fetched.

    Returns
    -------
    Registry
        With ``.evidence`` (columns of ``metaonc.data.schema.TABLES["trials"]``, checked as a user's own table is; rates
        in percent, times in months, weeks or days, ratios on their natural scale), ``.arms``, ``.records`` and
        ``.unread``.

    Raises
    ------
    DataError
        A file is not there, too large, no JSON, names a key twice, is nested too deeply, or is no record of version 2.
        Of several files, those that cannot be read are left out and stand in ``.unread``; all of them are an error.

    Warns
    -----
    DataWarning
        Files of several were left out; says how many, and the first.

    Notes
    -----
    Outcomes are named by ``ctgov_outcome``. Groups are joined over measures by their titles, never by their ids, which
    mean nothing outside a measure. A ratio stands in the row of the group that it is of, by what its comment says, else
    first group over second where types of arms and figures of both do not contradict; where the comment says that it is
    of a comparator over the experimental arm, it is turned; each is told in `note`. A one-sided interval with one limit
    keeps its level, with 1 in `hr_sides`; one with two limits at a one-sided level c is a two-sided interval at 2c - 1.
    A p value that is printed as a bound is in `p_bound`. Medians in years become months. Fields are those of the
    registry's API, https://clinicaltrials.gov/data-api/about-api/study-data-structure.

    Examples
    --------
    >>> import json
    >>> from pathlib import Path
    >>> import metaonc as mo
    >>> groups = [{"id": "OG000", "title": "Drug"}, {"id": "OG001", "title": "Control"}]
    >>> sizes = [{"groupId": "OG000", "value": "120"}, {"groupId": "OG001", "value": "118"}]
    >>> values = [{"groupId": "OG000", "value": "9.1", "lowerLimit": "7.5", "upperLimit": "11.2"},
    ...           {"groupId": "OG001", "value": "6.0", "lowerLimit": "5.1", "upperLimit": "7.4"}]
    >>> ratio = {"groupIds": ["OG000", "OG001"], "paramType": "Hazard Ratio (HR)", "paramValue": "0.68",
    ...          "ciPctValue": "95", "ciNumSides": "TWO_SIDED", "ciLowerLimit": "0.51", "ciUpperLimit": "0.90",
    ...          "pValue": "<0.01"}
    >>> measure = {"title": "Progression-Free Survival", "unitOfMeasure": "Months", "paramType": "MEDIAN",
    ...            "groups": groups, "dispersionType": "95% Confidence Interval", "analyses": [ratio],
    ...            "denoms": [{"units": "Participants", "counts": sizes}],
    ...            "classes": [{"categories": [{"measurements": values}]}]}
    >>> record = {"protocolSection": {"identificationModule": {"nctId": "NCT00000000"}},
    ...           "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": [measure]}}}
    >>> _ = Path("NCT00000000.json").write_text(json.dumps(record))
    >>> registry = mo.read_ctgov("NCT00000000.json")
    >>> registry.evidence[["arm", "outcome", "n", "estimate", "hr", "p_bound"]].values.tolist()[0]
    ['Drug', 'pfs', 120.0, 9.1, 0.68, '<0.01']
    """
    held, unread = _held(source)
    names = _trials([h.record for h in held])
    frame = pd.DataFrame([_row(h.record, names[h.record.nct], cells) for h in held for cells in h.reading.rows])
    frame = frame.reindex(columns=list(_ORDER))
    frame, refused = _fitting(frame)
    unread = [line for h in held for line in _left(h)] + refused + unread
    return Registry(
        evidence=_filled(frame),
        arms=pd.DataFrame([line for h in held for line in _arms(h, names[h.record.nct])], columns=list(_ARMS)),
        records=_records(held, names, frame),
        unread=pd.DataFrame(unread, columns=list(_UNREAD)),
    )


def _held(source: Any) -> tuple[list[_Held], list[dict[str, Any]]]:
    """Return the records of all files, the newest version of each, and the files that were left out."""
    held: dict[str, _Held] = {}
    left: list[dict[str, Any]] = []
    several = 0
    first: DataError | None = None
    for name, content in documents(source):
        several += 1
        try:
            with parsing(name):
                for study in studies(name, content()):
                    _keep(_Held.of(record_of(study), name), held, left)
        except DataError as problem:
            first = first or problem
            left.append({"what": "file", "title": name, "reason": str(problem)})
    if first is not None and (several == 1 or not held):
        raise first
    if first is not None:
        files = [line for line in left if line["what"] == "file"]
        warn(f"{len(files)} of {several} files could not be read and stand in .unread, the first: {first}", DataWarning)
    return list(held.values()), left


def _keep(new: _Held, held: dict[str, _Held], left: list[dict[str, Any]]) -> None:
    """Keep the newer version of a record that stands in several files."""
    nct = new.record.nct
    if not nct:
        raise DataError(f"{new.source!r} holds a record without its number (nctId).")
    old = held.get(nct)
    if old is not None:
        if old.record.updated >= new.record.updated:
            old, new = new, old
        reason = f"the same record, of no later version than that in {new.source!r}"
        left.append({"registry_id": nct, "what": "record", "title": old.source, "reason": reason})
    held[nct] = new


def _trials(records: Sequence[Record]) -> dict[str, str]:
    """Return the name of each trial: its acronym, with the number where two have the same; the number else."""
    often = Counter(record.acronym.casefold() for record in records)
    return {
        r.nct: r.nct if not r.acronym else r.acronym if often[r.acronym.casefold()] == 1 else f"{r.acronym} ({r.nct})"
        for r in records
    }


def _row(record: Record, trial: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    made = {**cells, "trial": trial, "registry_id": record.nct, "source_id": record.nct}
    made["arm_id"] = f"{record.nct} {cells['arm']}"
    if cells.get("comparator"):
        made["comparator"] = f"{record.nct} {cells['comparator']}"
    return made


def _fitting(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return the rows that the evidence takes, and the others with what is wrong with each."""
    why: dict[int, str] = {}
    known = {f.name: f for f in TABLES["trials"].fields}
    typed = frame.astype({c: float for c, f in known.items() if c in frame and f.kind in ("number", "count")})
    for name in (c for c in typed if c in known):
        for bad, say in field_problems(typed[name], known[str(name)]):
            why |= {int(i): say(int(i)) for i in np.flatnonzero(bad) if int(i) not in why}
    for rule in ROW_RULES:
        if set(rule.columns) <= set(typed):
            why |= {int(i): rule.says(typed, int(i)) for i in np.flatnonzero(rule.flags(typed)) if int(i) not in why}
    why |= {
        int(i): "it holds no figures that go together" for i in np.flatnonzero(incomplete(typed)) if int(i) not in why
    }
    refused = [
        {"registry_id": row["registry_id"], "measure_number": row["measure_number"], "unit": row["unit"],
         "title": row["source_where"].partition(": ")[2], "what": "row",
         "reason": f"{row['arm']!r}, {row['outcome']}: {why[i]}"}
        for i, row in zip(why, frame.loc[list(why)].to_dict("records"), strict=True)
    ]  # fmt: skip
    kept = typed.drop(index=list(why)).reset_index(drop=True)
    there = set(kept["row_id"])
    older = [" ".join(n for n in str(v).split() if n in there) if pd.notna(v) else "" for v in kept["supersedes"]]
    names = pd.Series(older, index=kept.index, dtype=object)
    return kept.assign(supersedes=names.mask(names.eq(""))), refused


def _filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence with the columns that some row fills, and those that all tables have."""
    always = (*_ORDER[:14], "unit", "estimate", "measure_number", "note")
    kept = frame[[c for c in frame if c in always or frame[c].notna().any()]]
    texts = [f.name for f in TABLES["trials"].fields if f.kind not in ("number", "count")]
    plain = {
        str(c): kept[c].astype(object).where(kept[c].notna(), np.nan)
        for c in kept
        if c in texts or kept[c].dtype == object
    }
    return kept.assign(**plain, measure_number=frame["measure_number"].astype(int))


def _left(held: _Held) -> list[dict[str, Any]]:
    record = held.record
    if not held.measures:
        return [{"registry_id": record.nct, "what": "record", "title": record.title, "reason": "no results posted"}]
    return [
        {
            "registry_id": record.nct,
            "measure_number": m.number,
            "title": m.title,
            "param_type": m.param,
            "unit": m.unit,
            **left._asdict(),
        }
        for m, left in held.reading.left
    ]


def _arms(held: _Held, trial: str) -> list[dict[str, Any]]:
    """Return a line for each arm that the evidence names."""
    used = {cells[k] for cells in held.reading.rows for k in ("arm", "comparator") if cells.get(k)}
    each: dict[str, Joined] = {arm.title: arm for arm in held.reading.arms.values() if arm.title in used}
    randomised = {"RANDOMIZED": "yes", "NON_RANDOMIZED": "no"}.get(held.record.allocation)
    return [
        {"arm_id": f"{held.record.nct} {title}", "trial": trial, "registry_id": held.record.nct, "arm": title,
         "protocol_arm": arm.label or None, "arm_type": arm.type or None, "other_titles": "; ".join(arm.others) or None,
         "randomised": randomised}
        for title, arm in each.items()
    ]  # fmt: skip


def _records(held: Sequence[_Held], names: Mapping[str, str], frame: pd.DataFrame) -> pd.DataFrame:
    rows = Counter(frame["registry_id"])
    lines = [
        (h.record.nct, names[h.record.nct], h.record.title, h.measures, rows[h.record.nct],
         h.record.results_posted or None, h.record.updated or None, h.source)
        for h in held
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(_RECORDS))
