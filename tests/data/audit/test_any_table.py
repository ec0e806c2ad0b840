"""Whatever stands in a table, an audit returns findings and does not fail."""

from __future__ import annotations

import re

import pytest
from data.audit.clean_tables import COLUMNS
from hypothesis import given, settings
from hypothesis import strategies as st

import metaonc as mo
from metaonc.base.text import UNSEEN
from metaonc.data.audit import COLUMNS as FOUND
from metaonc.data.audit import RULES, SEVERITIES, audit
from metaonc.data.readers.trials import read_trials
from metaonc.errors import DataError

WORDS = (
    "NE|0|1|-1|31|31.0|0.31|100|101|1e400|1e-9|31% (23-41)|34/109|<0.05|nan|A|KRAS|mutant|not mutant|all|orr|dcr|pfs|"
    "os|dor|999999999|pfs_rate|percent|months|weeks|BICR|yes|NCT04625270|NCT1|2024-06-30|0.95|95|FRAME / RAMP 201|½|"
)
CELLS = st.one_of(
    st.sampled_from(WORDS.split("|")),
    st.floats(),
    st.integers(-5, 10**6),
    st.none(),
    st.text(max_size=8).filter(lambda text: not UNSEEN.search(text)),  # others are refused by name, see below
)
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS, min_size=2), min_size=1, max_size=5)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_an_audit_returns_findings(rows):
    table = {c: [row.get(c) for row in rows] for c in COLUMNS}
    try:
        found = audit(table)
    except DataError as problem:  # no table of trials, such as one with a heading among its rows: as its reader says
        with pytest.raises(DataError, match=f"^{re.escape(str(problem))}$"):
            read_trials(table)
        return
    assert tuple(found.columns) == FOUND
    assert set(found["rule"]) <= set(RULES)
    assert set(found["severity"]) <= set(SEVERITIES)
    assert found["row"].between(0, len(rows) - 1).all()
    assert (found[["got", "message", "expected", "fix"]] != "").all(axis=None)


@pytest.mark.parametrize("text", ["\x1f", "A\x00", "B\u202eC"])
def test_characters_that_no_file_holds_are_refused_by_name(text):
    with pytest.raises(DataError, match=r"column 'trial' holds .* with the character U\+[0-9A-F]{4}"):
        audit({"trial": ["OPUS", text], "outcome": ["orr", "orr"], "n": [20, 30]})


def test_a_table_of_patients_is_none_to_audit():
    table = {"trial": list("AABB"), "time": [3, 3, 5, 8], "event": [1, 1, 0, 1], "arm": list("xxyy")}
    with pytest.raises(mo.errors.ColumnError, match=r"if each row is a patient.*survival\.pool_ipd"):
        mo.audit(table)
    with pytest.raises(mo.errors.ColumnError, match=r"If each row is a patient.*survival\.pool_ipd"):
        mo.read_trials(table)
