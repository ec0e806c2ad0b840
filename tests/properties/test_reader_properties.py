"""Whatever a cell holds, a table is read or refused with a message: no other error, and no figure that is not there."""

from __future__ import annotations

import contextlib
import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import metaonc as mo
from metaonc.errors import MetaoncError

PIECES = st.sampled_from(
    [*"0123456789", "12.9", "31", "57", *".,%()[]-/ <=*pae\u2013\u2020\u00b7\u00b9\u221e", "to", "NE", "NR", "NA",
     "95% CI", "CI", "months", "mo", "of", "not reached"]
)  # fmt: skip
CELL = st.one_of(st.lists(PIECES, min_size=1, max_size=7).map("".join), st.text(max_size=8), st.none(), st.floats())
COLUMNS = ("n", "events", "estimate", "ci_low", "ci_high", "ci", "hr", "hr_ci", "p_value", "ci_level", "unit", "log_hr")
READ = ("n", "events", "estimate", "ci_low", "ci_high", "ci_level", "hr", "hr_low", "hr_high", "p_value", "log_hr")


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(st.sampled_from(COLUMNS), CELL, min_size=1, max_size=4),
    st.sampled_from(["orr", "pfs"]),
    st.sampled_from([".", ","]),
)
def test_a_table_is_read_or_refused(cells, outcome, decimal):
    table = {"trial": ["A"], "outcome": [outcome], **{name: [cell] for name, cell in cells.items()}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            got = mo.read_trials(table, columns={}, decimal=decimal)
        except MetaoncError:
            return
    held = "".join(str(cell) for cell in cells.values() if cell is not None)
    digits = re.sub(r"[^0-9]", "", held)
    for name in READ:
        value = float(got[name].iloc[0]) if name in got else float("nan")
        if value == value and not any(isinstance(cell, float) for cell in cells.values()):
            shown = f"{100 * value if name.endswith('_level') else value:g}"
            assert "e" in shown or shown.replace(".", "").lstrip("-0") in digits, (name, value, cells)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["ai", "bi", "ci", "di", "n1i", "yi", "vi", "sei", "slab", "TE"]), CELL, min_size=1)
)
def test_a_table_of_r_is_read_or_refused(cells):
    with warnings.catch_warnings(), contextlib.suppress(MetaoncError):
        warnings.simplefilter("ignore")  # a word that says there is no number is read as blank, and said
        mo.read_escalc({name: [cell] for name, cell in cells.items()})


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["AVAL", "CNSR", "AVALU", "PARAM", "TRTP", "USUBJID"]), CELL, min_size=1))
def test_a_table_of_patients_is_read_or_refused(cells):
    with warnings.catch_warnings(), contextlib.suppress(MetaoncError):
        warnings.simplefilter("ignore")
        mo.read_adtte({name: [cell] for name, cell in cells.items()})
