"""Texts for manuscripts hold no code and no numbers of rows, in whatever kind of result and with whatever caution."""

import re
import warnings

import pytest
from result_kinds import EVERY

import metaonc as mo
from metaonc.errors import DataError, DataWarning, MethodWarning
from metaonc.report.texts.notes import notes

ARMS = {"events_t": "a", "n_t": "m", "events_c": "c", "n_c": "k", "study": "t"}
ONE = {"events": "x", "n": "n", "study": "t"}
DOSES = {"t": ["Tern", "Tern", "Rook", "Wren"], "arm": ["5 mg", "20 mg", "x", "y"], "a": [14, 22, 9, 17],
         "m": [51, 49, 44, 63], "c": [7, 7, 6, 9], "k": [50, 50, 43, 64], "ctl": ["p", "p", None, None]}  # fmt: skip
ALIKE = {"t": ["Kite", "Lark", "Merl", "Swan"], "yi": [0.41, 0.40, 0.42, 0.41], "vi": [0.05, 0.03, 0.04, 0.06],
         "line": [1, 2, 3, 3], "g": list("uuvv")}  # fmt: skip
LEVELS = {"t": ["Kite", "Kite", "Lark", "Lark", "Merl"], "egfr": ["all", "mutant", "all", "mutant", "mutant"],
          "x": [21, 15, 11, 8, 10], "n": [52, 31, 34, 21, 26]}  # fmt: skip


def doses(shared=None, **more):
    es = mo.effect_sizes({**DOSES, **more}, measure="OR", **ARMS)
    return mo.pool(es, study="t", shared=shared)


def reported(**gap):
    table = {"t": ["Kite", "Lark", "Merl"], "hr": [0.7, 0.8, 0.9], "lo": [0.5, 0.6, 0.6], "hi": [0.98, 1.07, 1.35]}
    return mo.effect_sizes({**table, **gap}, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="t")


CAUTIOUS = {
    "narrower": lambda: mo.pool(ALIKE, study="t", measure="HR"),
    "narrower by subgroup": lambda: mo.pool_subgroups(ALIKE, by="g", study="t", measure="HR"),
    "narrower coefficients": lambda: mo.regress(ALIKE, "~ line", study="t", measure="HR"),
    "one at a time": lambda: mo.sensitivity.leave_one_out(mo.pool(ALIKE, study="t", measure="HR")),
    "permuted": lambda: mo.sensitivity.permutation_test(mo.regress(ALIKE, "~ line", study="t", measure="HR")),
    "no estimate": lambda: mo.sensitivity.leave_one_out(
        mo.pool_glmm({"t": ["Kite", "Lark"], "x": [0, 4], "n": [12, 20]}, **ONE)
    ),
    "control twice": doses,
    "control shared": lambda: doses("ctl"),
    "control of two names": lambda: doses(t=["Tern 5", "Tern 20", "Rook", "Wren"]),
    "control over subgroups": lambda: mo.pool_subgroups(
        mo.effect_sizes({**DOSES, "dose": ["low", "high", "high", "low"]}, measure="OR", **ARMS),
        by="dose", study="t", shared="ctl",
    ),
    "entered twice": lambda: mo.pool({**ALIKE, "t": ["Kite", "Kite", "Merl", "Swan"], "yi": [0.4] * 4, "vi": [0.1] * 4,
                                      "arm": ["a", "a", "b", "b"]}, study="t"),
    "alike": lambda: mo.pool_glmm({"name": ["a", "a", "b"], "x": [3, 3, 9], "n": [20, 20, 31]}, events="x", n="n"),
    "levels overlap": lambda: mo.pool_subgroups(LEVELS, by="egfr", using=mo.pool_glmm, **ONE),
    "levels may overlap": lambda: mo.pool_subgroups(
        {"egfr": LEVELS["egfr"], "x": LEVELS["x"], "n": LEVELS["n"]}, by="egfr", using=mo.pool_glmm, events="x", n="n"
    ),
    "corrected": lambda: mo.pool(mo.effect_sizes({"t": ["Kite", "Lark"], "x": [0, 5], "n": [31, 44]}, measure="PLO",
                                                 **ONE), study="t"),
    "left out": lambda: mo.pool_glmm({"t": ["Kite", "Lark", "Merl"], "x": [3, 5, 6], "n": [20, None, 31]}, **ONE),
    "no interval": lambda: mo.pool(reported(lo=[0.5, None, 0.6]), study="t"),
    "back-transformed": lambda: mo.pool(mo.effect_sizes({"t": ["Kite", "Lark"], "x": [3, 9], "n": [31, 90]},
                                                        measure="PFT", **ONE), study="t"),
    "zero cells": lambda: mo.pool_mantel_haenszel({**DOSES, "arm": list("wxyz"), "t": list("WXYZ"), "a": [0, 5, 4, 0],
                                                   "c": [2, 6, 0, 0]}, **ARMS),
    "few degrees of freedom": lambda: mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.004]}, ci="KR"),
    "lost columns": lambda: mo.pool(reported().drop(columns="inputs"), study="t"),
    "few patients by Laplace": lambda: mo.pool_glmm(DOSES | {"t": list("WXYZ")}, measure="OR", model="UM.RS", **ARMS),
    "few trials by Bayes": lambda: mo.pool_bayes(ALIKE, study="t", measure="HR"),
}  # fmt: skip
MAKERS = [*((name, make) for name, make in CAUTIOUS.items()), *EVERY]
CODE = {
    "a backtick": r"`",
    "a keyword": r"\b[A-Za-z_]\w*=",
    "a call": r"\b[a-z][a-z0-9_]*\((?!s\))[^)]*[=)]|\b[a-z]+(?:_[a-z0-9]+)+\b|\bmo\.",
    "an option": r"='|\bTrue\b|\bNone\b",
    "a number of a row": r"\brows? \d",
    "a formula": r"~ ?\w",
    "a quoted name": r"(?<!\w)'[^']*'(?!\w)",
}


def manuscript(result):
    """Return all that a manuscript may take of a result."""
    methods = str(mo.methods_text(result)).partition("Analyses were made")[0]
    texts = [methods, str(mo.results_text(result)), *notes(result, None)]
    for made, lines in ((mo.plot.forest_rows, lambda c: [*c.footnotes, *c.rows["label"]]),
                        (mo.table, lambda t: [t.title, *t.footnotes, *(" ".join(row) for row in t.rows)])):  # fmt: skip
        try:
            texts += lines(made(result))
        except DataError:  # a kind without a forest plot
            continue
    return texts


def made(make):
    with warnings.catch_warnings():
        for category in (MethodWarning, DataWarning):
            warnings.simplefilter("ignore", category)
        return make()


@pytest.mark.parametrize("make", [make for _, make in MAKERS], ids=[name for name, _ in MAKERS])
def test_no_code_and_no_numbers_of_rows(make):
    for text in manuscript(made(make)):
        for what, pattern in CODE.items():
            found = re.search(pattern, text.replace("half-normal(0.5)", ""))
            assert not found, f"{what}, {found[0]!r}, in: {text}"
