"""What published figures get wrong, found by arithmetic: the rules, and the audit that asks them of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...base.html import Listing
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...errors import ColumnError
from ..schema.tables import TABLES
from .reading import read
from .records import AuditRule, Finding, Reading
from .rules import counts, curve_shapes, identifiers, mixtures, patients, ratios, schema_rules, sums, times
from .words import EXTRA

_FAMILIES = (counts, ratios, times, sums, patients, mixtures, identifiers, curve_shapes, schema_rules)
RULES = {rule.name: rule for family in _FAMILIES for rule in family.RULES}
_FIGURES = frozenset(f.name for f in TABLES["trials"].fields if f.kind in ("number", "count")) | frozenset(EXTRA)
SEVERITIES = ("error", "warning", "note")
COLUMNS = ("row", "trial", "rule", "severity", "got", "expected", "message", "fix", "columns", "other_rows")


@known_arguments
def audit(table: Any, *, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Find what cannot be, or misleads, in a table of published results.

    Arithmetic alone is asked, with the rounding of the printed digits undone: a finding says that figures of the table
    do not go together, not which of them is wrong; no finding does not say that a figure is right. Nothing is changed.

    Parameters
    ----------
    table
        A dataframe, a mapping of columns, a `Collection`, or `Curves`, whose coordinates are asked too. One set of
        figures a row, under the names of the packaged evidence (`metaonc.data.schema.TABLES`), of the keywords of
        `effect_sizes`, or what people write for them (``study``, ``responders``, ``ORR (%)``, ``NCT``, ...);
        `enrolled` and `follow_up` (the longest, in the unit of the estimate) are read too. In a table with `hr` and
        without `estimate`, `ci_low`, `ci_high`, `level` and `p` are those of the hazard ratio. Text is read with the
        digits it prints; a number in a float column prints no trailing zeros, and 13.0 is then taken for 13.
    columns
        Name of a column there -> its name here, as ``read_trials`` takes them; what is not named is recognised.

    Returns
    -------
    pandas.DataFrame
        One row a finding, those of `severity` "error" (cannot be) before "warning" (unlikely, or misleading as it
        stands) and "note" (to be known before pooling): `row` (from 0), `trial`,
        `rule` (of ``metaonc.data.audit.RULES``),
        `severity`, `got`, `expected`, `message`, `fix`, the `columns` concerned and `other_rows` (row numbers).
        ``attrs["not_read"]`` lists the columns of numbers that are not understood, of which nothing was asked;
        ``attrs["not_asked"]`` maps each rule that the table has no columns for to a column that it lacks.

    Raises
    ------
    DataError
        It is no table, has no rows, or names a column twice.
    ColumnError
        No column of it holds figures that the rules know.

    Notes
    -----
    A row that another names in `supersedes`, or whose arm has `nested_in`, is known to report patients again and is no
    finding; ``pool`` does not look there, so pass it rows that were selected. That a percentage must be that of a whole
    number is the GRIM test of Brown and Heathers (2017, doi:10.1177/1948550616673876),
    whose paper was not read for this.

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
    reading = read(table, columns)
    if not reading.columns & _FIGURES:
        raise ColumnError(
            f"the table has no column of figures that an audit knows; it has {', '.join(sorted(reading.columns))}. "
            f"Known: {', '.join(sorted(_FIGURES))}. To say what a column is, give {option('columns')}."
        )
    asked = [rule for rule in RULES.values() if not rule.lacks(reading.columns)]
    found = [(rule, finding) for rule in asked for finding in rule.find(reading)]
    rows = [_row(rule, finding) for rule, finding in _without_explained(found)]
    rows.sort(key=lambda r: (SEVERITIES.index(r["severity"]), r["row"]))
    result = Listing(rows, columns=list(COLUMNS))
    result.attrs["not_asked"] = _not_asked(reading)
    result.attrs["not_read"] = list(reading.not_read)
    return result


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


def _not_asked(reading: Reading) -> dict[str, str]:
    return {rule.name: ", ".join(lacks) for rule in RULES.values() if (lacks := rule.lacks(reading.columns))}
