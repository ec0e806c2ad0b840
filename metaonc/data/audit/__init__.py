"""What published figures get wrong, found by arithmetic: the rules, and the audit that asks them of a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Unpack

import pandas as pd

from ...base.html import EMPTY, Listing
from ...base.messages.advice import in_python, option
from ...base.messages.arguments import known_arguments_and
from ...base.words import some
from ...errors import ColumnError
from ..readers.trials import Reading
from ..schema.tables import TABLES
from .reading import read
from .records import AuditRule, Finding
from .records import Reading as Asked
from .rules import (
    counts,
    curve_shapes,
    identifiers,
    magnitudes,
    mixtures,
    patients,
    ratios,
    registry,
    repeated,
    schema_rules,
    sums,
    times,
)
from .words import EXTRA

_FAMILIES = (
    counts,
    ratios,
    times,
    magnitudes,
    sums,
    patients,
    repeated,
    mixtures,
    identifiers,
    registry,
    curve_shapes,
    schema_rules,
)
RULES = {rule.name: rule for family in _FAMILIES for rule in family.RULES}
_FIGURES = frozenset(f.name for f in TABLES["trials"].fields if f.kind in ("number", "count")) | frozenset(EXTRA)
SEVERITIES = ("error", "warning", "note")
COLUMNS = ("row", "trial", "rule", "severity", "got", "expected", "message", "fix", "columns", "other_rows")


@known_arguments_and(Reading.__annotations__)
def audit(table: Any, *, by: str | None = None, **reading: Unpack[Reading]) -> pd.DataFrame:
    """Find what cannot be, or misleads, in a table of published results.

    Arithmetic alone is asked, with the rounding of the printed digits undone: a finding says that figures of the table
    do not go together, not which of them is wrong; no finding does not say that a figure is right. Nothing is changed.

    Parameters
    ----------
    table : path, dataframe or mapping
        Path of a CSV file or a workbook, a dataframe or a mapping of columns, which are read as ``read_trials`` reads
        them: the same columns, cells and rows that ``analyse`` pools, with errors found instead of raised, in figures
        that are set aside too. A `Collection`, `Curves`, whose coordinates are asked too, or what a reader returned are
        taken as they are. Beside what ``read_trials`` knows, `registry_id` (``NCT``, ...), `pmid`, `doi`, `enrolled`
        and `follow_up` (the longest, in the unit of the estimate) are read, and a rate beside counts. Text is read with
        the digits it prints; a number in a float column prints no trailing zeros, and 13.0 is then taken for 13.
    by : str, optional
        Subgroup variable, or a column that holds the subgroup, as ``analyse`` takes it: rows of different subgroups are
        about different patients.
    **reading
        How a file or a table is read: columns, sheet, header, skip, sep, decimal, encoding, constants, as
        ``read_trials`` takes them.

    Returns
    -------
    pandas.DataFrame
        One row a finding, those of `severity` "error" (cannot be) before "warning" (unlikely, or misleading as it
        stands) and "note" (to be known before pooling): `row` (from 0; of a file in
        what ``read_trials`` makes of it), `trial`,
        `rule` (of ``metaonc.data.audit.RULES``),
        `severity`, `got`, `expected`, `message`, `fix`, the `columns` concerned and `other_rows` (row numbers).
        ``attrs["not_read"]`` lists the columns of numbers that are not understood, of which nothing was asked,
        ``attrs["questions"]`` maps others to why they were not read, ``attrs["left_out"]`` says what is no row,
        ``attrs["not_asked"]`` maps each rule that the table has no columns for to a column that it lacks.

    Raises
    ------
    DataError
        It is no table, has no rows, or names a column twice; `by` is not there.
    ColumnError
        No column of it holds figures that the rules know, or one may be several things.
    OptionError
        An option that this kind of table has no use for.

    Notes
    -----
    A row that another names in `supersedes`, or whose arm has `nested_in`, is known to report patients again and is no
    finding; ``pool`` does not look there, so pass it rows that were selected. That a percentage must be that of a whole
    number is the GRIM test of Brown and Heathers (2017, doi:10.1177/1948550616673876),
    whose paper was not read for this.

    Rows of a registry record (``pandas.concat([mo.read_ctgov(path).evidence, paper])``, of which the paper's rows name
    the record in `registry_id`) are held against those of the paper, where arm and question of both are certain.

    Examples
    --------
    >>> import metaonc as mo
    >>> found = mo.audit({"trial": ["A"], "outcome": ["orr"], "n": [55], "events": [15], "estimate": [28],
    ...                   "unit": ["percent"]})
    >>> print(found.loc[0, "message"])
    trial 'A' (row 0): 28 % is not 15/55 = 27.3 %; no whole number of 55 is 28 %.
    >>> print(found.loc[0, "expected"])
    28 % is 15 of 54 or 53
    """
    return findings(read(table, by, **reading))


def findings(reading: Asked, rules: Collection[AuditRule] | None = None) -> pd.DataFrame:
    """Return what these rules, all when None, find in a table that is read, as `audit` does."""
    if not reading.columns & _FIGURES:
        raise ColumnError(
            f"the table has no column of figures that an audit knows; it has {', '.join(sorted(reading.columns))}. "
            f"Known: {', '.join(sorted(_FIGURES))}. To say what a column is, give {option('columns')}."
        )
    if reading.columns & _FIGURES == {"events"} and "time" in map(str.casefold, (*reading.columns, *reading.not_read)):
        raise ColumnError(
            "the table has times and events without numbers of patients: if each row is a patient, it is no table of "
            f"trials' results to audit, but one for survival.pool_ipd{in_python()}."
        )
    asked = [rule for rule in (RULES.values() if rules is None else rules) if not rule.lacks(reading.columns)]
    found = [(rule, finding) for rule in asked for finding in rule.find(reading)]
    rows = [_row(rule, finding) for rule, finding in _without_explained(found)]
    rows.sort(key=lambda r: (SEVERITIES.index(r["severity"]), r["row"]))
    result = Listing(rows, columns=list(COLUMNS))
    lacks = result.attrs["not_asked"] = _not_asked(reading)
    others = "; the others lack columns, see .attrs['not_asked']" * bool(lacks)
    result.attrs[EMPTY] = f"No rows: {len(RULES) - len(lacks)} of {len(RULES)} rules could be asked{others}."
    result.attrs["not_read"] = list(reading.not_read)
    result.attrs["questions"] = dict(reading.questions)
    result.attrs["left_out"] = list(reading.left_out)
    return result


def cautioned() -> list[AuditRule]:
    """Return the rules of which a pool of the rows must speak."""
    return [rule for rule in RULES.values() if rule.caution]


def cautions_of(found: pd.DataFrame) -> tuple[str, ...]:
    """Return what a pool must say of the findings on its rows, as `audit` returns them."""
    return tuple(
        f"{rule.caution} {some(found.loc[found['rule'] == rule.name, 'trial'].tolist())}"
        for rule in cautioned() if (found["rule"] == rule.name).any()
    )  # fmt: skip


def _without_explained(found: list[tuple[AuditRule, Finding]]) -> Iterator[tuple[AuditRule, Finding]]:
    explained = {(name, finding.rows[0].number) for rule, finding in found for name in rule.explains}
    return (
        (rule, finding)
        for rule, finding in found
        if not any((rule.name, row.number) in explained for row in finding.rows)
    )


def _row(rule: AuditRule, finding: Finding) -> dict[str, Any]:
    first, *others = finding.rows
    named = f"trial {first.label!r} (row {first.number})"
    return {
        "row": first.number, "trial": first.trial, "rule": rule.name, "severity": finding.severity or rule.severity,
        "got": finding.got, "expected": finding.expected, "message": f"{named}: {finding.message}", "fix": finding.fix,
        "columns": finding.columns, "other_rows": tuple(row.number for row in others),
    }  # fmt: skip


def _not_asked(reading: Asked) -> dict[str, str]:
    return {rule.name: ", ".join(lacks) for rule in RULES.values() if (lacks := rule.lacks(reading.columns))}
