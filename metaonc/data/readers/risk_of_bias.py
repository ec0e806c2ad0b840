"""read_risk_of_bias: judgements of trials by RoB 2, ROBINS-I or QUADAS-2, as robvis has them or beside the evidence."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from os import PathLike
from typing import Any

import pandas as pd

from ...base.check import columns_exist
from ...base.files import parsing
from ...base.labels import blank, by_case_alone, folded, spelling
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...base.messages.warning import warn
from ...base.numbers import NotANumber, number_of
from ...errors import ColumnError, DataError, DataWarning
from ..risk_of_bias.assessment import OVERALL, RiskOfBias, severities
from ..risk_of_bias.tools import Tool, read_judgement, tool_of
from .files.grid import Cell, Grid, text_of
from .files.source import grid_from, name_of

_PREFIX = re.compile(r"^(rob2?|robinsi?|quadas2?)?(d\d+[a-z]?|overall|weights?)$")
_STUDY = ("study", "trial", "studlab", "slab")
_PLAIN = re.compile(r"[^a-z0-9]+")


@known_arguments
def read_risk_of_bias(
    source: str | PathLike[str] | Any,
    *,
    tool: str,
    study: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    sep: str | None = None,
    encoding: str | None = None,
) -> RiskOfBias:
    """Read judgements of the risk of bias of trials.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Columns bear the names of R's robvis (``Study``, ``D1``, ..., ``Overall``, ``Weight``), in any case, and with the
    tool before them in a table of evidence (``rob2_d1``, ``rob_overall``). Several rows of one trial, as a table of
    evidence has them, must agree.

    Parameters
    ----------
    source : path or dataframe
        A CSV file, an Excel workbook (needs openpyxl), or a dataframe, such as the evidence itself.
    tool : {"RoB 2", "ROBINS-I", "QUADAS-2"}
        Judgements are its words, in any case: Low, Some concerns, High, No information; Low, Moderate, Serious,
        Critical, No information; Low, Unclear, High. Their first letters are read (``L``, ``SC``, ``NI``), and so is
        ``low risk of bias``. Of QUADAS-2, robvis' ``Some concerns`` and ``No information`` are read as Unclear, which
        is said.
    study : str, optional
        Column of the names of trials; ``Study`` or ``trial`` when not given.
    columns : mapping of str to str, optional
        Name of a column there -> its name here, as in ``{"Randomisation": "D1"}``.
    sheet, sep, encoding : str, optional
        Of a workbook or a CSV file, as in ``read_trials``.

    Returns
    -------
    RiskOfBias
        Its `table` has a row a trial.

    Raises
    ------
    ColumnError
        A domain has no column, two columns are one domain, or the names of trials are not there.
    OptionError
        A tool that does not exist.
    DataError
        A word that the tool does not have, rows of one trial that contradict each other, or a weight that is no number:
        names row and value.

    Warns
    -----
    DataWarning
        The overall judgement of a trial is better than that of one of its domains, which the tool does not allow.

    References
    ----------
    Sterne et al. 2019, doi:10.1136/bmj.l4898; Sterne et al. 2016, doi:10.1136/bmj.i4919; Whiting et al. 2011; names of
    columns: McGuinness and Higgins 2021, doi:10.1002/jrsm.1411, R's robvis (none of the articles read).

    Examples
    --------
    >>> import metaonc as mo
    >>> rows = {"Study": ["A", "B"], **{f"D{i}": ["Low", "low"] for i in range(1, 5)}, "D5": ["L", "SC"],
    ...         "Overall": ["Low", "Some concerns"]}
    >>> rob = mo.read_risk_of_bias(rows, tool="RoB 2")
    >>> rob.table["D5"].tolist()
    ['Low', 'Some concerns']
    """
    record = tool_of(tool)
    with parsing(name_of(source)):
        grid = grid_from(source, names_alone=True, sheet=sheet, sep=sep, encoding=encoding)
        found = _columns(grid, record, dict(columns or {}), study)
        rows, borrowed = _rows(grid, found, record)
    table = pd.DataFrame(rows, columns=list(found))
    contradicted = _contradicted(table, record)
    if contradicted:
        warn(contradicted[0] + (f" ({len(contradicted)} trials)" if len(contradicted) > 1 else ""), DataWarning)
    left_out = [f"left out: {text}." for text in grid.left_out]
    notes = (*borrowed, *left_out, *_lacking(table), *contradicted)
    return RiskOfBias(tool=record.name, table=table, notes=notes)


def _columns(grid: Grid, tool: Tool, asked: dict[str, str], study: str | None) -> dict[str, str]:
    """Return name here -> name there, of the trial, the domains, the whole and the weight."""
    names, source = grid.names, grid.source
    columns_exist(names, {f"columns[{old!r}]": old for old in asked} | {"study": study})
    found: dict[str, str] = {}
    for name in names:
        role = _role(asked.get(name, name))
        if role is not None and role.startswith("D") and role not in tool.domains:
            raise ColumnError(
                f"column {name!r} is no domain of {tool.name}, which has {', '.join(tool.domains)}: name the tool that "
                "the judgements are by, or drop the column."
            )
        if role is None and name in asked:
            raise ColumnError(
                f"columns[{name!r}]={asked[name]!r} is no domain of {tool.name}; choose from "
                f"{', '.join(tool.domains)}, Overall, Weight."
            )
        if role is None:
            continue
        if role in found:
            raise ColumnError(f"columns {found[role]!r} and {name!r} would both be {role!r}: drop one of them.")
        found[role] = name
    trial = study or next((n for wanted in _STUDY for n in names if n.strip().lower() == wanted), None)
    if trial is None:
        raise ColumnError(f"{source} has no column of names of trials: say which by {option('study')}; it has {names}.")
    lacking = [code for code in tool.domains if code not in found]
    if lacking:
        raise ColumnError(
            f"{source} has no column for {', '.join(f'{c} ({tool.domains[c]})' for c in lacking)} of {tool.name}; it "
            f"has {names}. Say which it is by {option('columns', {'its name': lacking[0]})}."
        )
    order = ["trial", *tool.domains, OVERALL, "weight"]
    found["trial"] = trial
    return {role: found[role] for role in order if role in found}


def _role(name: str) -> str | None:
    match = _PREFIX.match(_PLAIN.sub("", name.lower()))
    if match is None:
        return None
    code = match.group(2)
    if code.startswith("d"):
        return code.upper()
    return "weight" if code.startswith("weight") else OVERALL


def _rows(grid: Grid, found: Mapping[str, str], tool: Tool) -> tuple[list[list[Any]], list[str]]:
    """Return a row a trial, and what is to be said of words of other tools."""
    at = {role: grid.names.index(column) for role, column in found.items()}
    rows: dict[str, tuple[Cell, dict[str, Any]]] = {}
    borrowed: Counter[tuple[str, str]] = Counter()
    cases: dict[str, tuple[str, str]] = {}
    joined = dict[str, str]()
    for cells in grid.rows:
        named = cells[at["trial"]]
        if blank(named.value):
            raise DataError(f"{named.place} names no trial: name it, or take the row out.")
        name = text_of(named.value)
        alike = cases.setdefault(folded(name), (name, named.place))
        if spelling(alike[0]) != spelling(name):
            raise DataError(by_case_alone(alike[0], alike[1], name, named.place))
        if alike[0] != name:
            joined.setdefault(name, f"trial {name!r} ({named.place}) is taken as {alike[0]!r}, the same but for "
                              "blanks, dashes or Unicode form.")  # fmt: skip
        read: dict[str, Any] = {}
        for role, column in found.items():
            cell = cells[at[role]]
            if role == "weight":
                read[role] = _weight(cell, column, name)
            elif role != "trial":
                read[role] = _judged(cell, column, name, tool, borrowed)
        before, other = rows.setdefault(spelling(name), (named, {"trial": name, **read}))
        differ = [role for role in read if other[role] != read[role] and role != "weight"]
        if differ:
            raise DataError(
                f"trial {name!r} is judged twice: {found[differ[0]]}={other[differ[0]]!r} ({before.place}) and "
                f"{read[differ[0]]!r} ({named.place}). Take the rows of one outcome alone."
            )
    said = [f"{old!r} is no word of {tool.name}; {n} cell{'s' * (n > 1)} with it {'were' if n > 1 else 'was'} read as "
            f"{new!r}." for (old, new), n in borrowed.items()]  # fmt: skip
    return [[row[role] for role in found] for _, row in rows.values()], [*joined.values(), *said]


def _judged(cell: Cell, column: str, trial: str, tool: Tool, borrowed: Counter[tuple[str, str]]) -> str:
    if blank(cell.value):
        return ""
    text = text_of(cell.value)
    read = read_judgement(tool, text)
    if read is None:
        words = ", ".join(one.word for one in tool.judgements)
        raise DataError(
            f"trial {trial!r}: {column}={text!r} is no judgement of {tool.name} ({cell.place}); write one of {words}."
        )
    judgement, other = read
    borrowed.update([(other, judgement.word)] if other else [])
    return judgement.word


def _weight(cell: Cell, column: str, trial: str) -> float:
    try:
        weight = math.nan if blank(cell.value) else number_of(cell.value)
    except NotANumber:
        weight = -1.0
    if weight < 0:
        raise DataError(
            f"trial {trial!r}: {column}={text_of(cell.value)!r} is no weight ({cell.place}); write a number, 0 or "
            "more, or drop the column."
        )
    return weight


def _lacking(table: pd.DataFrame) -> list[str]:
    """Return which judgements are blank."""
    columns = [c for c in table.columns if c not in ("trial", "weight")]
    blanks = {str(row["trial"]): [c for c in columns if row[c] == ""] for row in table.to_dict("records")}
    said = "; ".join(f"{name} ({', '.join(lacking)})" for name, lacking in blanks.items() if lacking)
    return [f"not judged: {said}."] if said else []


def _contradicted(table: pd.DataFrame, tool: Tool) -> list[str]:
    """Return the trials whose overall judgement is better than that of a domain."""
    if OVERALL not in table or not tool.rests_on_worst:
        return []
    said = []
    for row in table.to_dict("records"):
        domains = dict(zip(tool.domains, severities([row[c] for c in tool.domains], tool), strict=True))
        (whole,) = severities([row[OVERALL]], tool)
        worse = [code for code, severity in domains.items() if severity > whole >= 0]
        if worse:
            said.append(
                f"trial {row['trial']!r}: overall {row[OVERALL]!r} is better than {worse[0]} ({row[worse[0]]!r}), "
                f"which {tool.name} does not allow; it was kept as written."
            )
    return said
