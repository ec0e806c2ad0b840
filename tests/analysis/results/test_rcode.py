"""The pieces of R scripts: a label can be neither code nor the end of a string."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from reference import r_scripts

import metaonc as mo
from metaonc.analysis.results import rtext

BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_comment_is_one_line(line_break):
    text = rtext.comment(f"kras: mutant{line_break}system('true')")
    assert len(text.splitlines()) == 1
    assert text.startswith("# kras: mutant ")


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_string_is_one_line(line_break):
    assert len(rtext.string(f"A{line_break}B").splitlines()) == 1


def test_a_string_ends_where_it_ends():
    assert rtext.string('a"b\\') == r'"a\"b\\"'
    assert rtext.string("a\tb\nc\x01") == r'"a\tb\nc\u0001"'
    assert rtext.string("\0\udc80") == r'"\ufffd\ufffd"'  # what R, or a file, cannot hold
    assert rtext.string("τ² Müller 肺") == '"τ² Müller 肺"'
    rtext.string(r_scripts.HOSTILE).encode("utf-8")


def test_numbers_are_numbers_of_r():
    assert rtext.vector([1.0, 0.1, np.nan, np.inf, -np.inf, np.float64(2.5)]) == "c(1, 0.1, NA, Inf, -Inf, 2.5)"


HOSTILE = "mutant\nsystem('true')\r#\u2028system('true')"


@pytest.mark.parametrize(
    "result",
    [
        lambda d: mo.pool(d, study="g"),
        lambda d: mo.pool_subgroups(d, by="g", study="t"),
        lambda d: mo.regress(d, "~ C(g)", study="t"),
        lambda d: mo.regress(d, "~\nx", study="t"),
        lambda d: mo.interaction(d.assign(t=[*"abab"]), study="t", by="g", contrast=(HOSTILE, "wt"), method="CE"),
        lambda d: mo.pool_multilevel(d, levels=["g", "t"]),
        lambda d: mo.sensitivity.leave_one_out(mo.pool(d, study="g")),
        lambda d: mo.sensitivity.permutation_test(mo.pool(d, study="g", measure="HR")),
        lambda d: mo.pool_bayes(d, study="g"),
    ],
)
def test_no_label_writes_code(result):
    d = pd.DataFrame({"t": list("abcd"), "g": [HOSTILE, HOSTILE, "wt", "wt"], "x": [1, 2, 3, 5],
                      "yi": [0.1, 0.2, 0.3, 0.4], "vi": [0.1] * 4})  # fmt: skip
    code = str(result(d).r_code())
    assert "system" in code or "x0" in code
    assert not any(line.lstrip().startswith("system(") for line in code.splitlines())


@pytest.mark.parametrize("kind", [str, Decimal, Fraction])
@pytest.mark.parametrize(
    "verb",
    [
        lambda d: mo.pool_glmm(d, events="x", n="n"),
        lambda d: mo.pool_beta_binomial(d, events="x", n="n"),
        lambda d: mo.pool_peto(d, events_t="x", n_t="n", events_c="y", n_c="m"),
        lambda d: mo.pool_mantel_haenszel(d, measure="OR", events_t="x", n_t="n", events_c="y", n_c="m"),
        lambda d: mo.pool(d.assign(yi=[0.1, 0.2, 0.4], vi=0.1), method="GENQ", weights="x", ci="wald"),
    ],
)
def test_counts_are_numbers_whatever_type_they_came_in_and_after_json(verb, kind):
    d = pd.DataFrame({"x": [5, 9, 3], "n": [20, 30, 15], "y": [4, 8, 4], "m": [21, 31, 15]})
    result = verb(d.map(kind))
    want = str(verb(d).r_code())
    assert str(result.r_code()) == want
    assert str(mo.results.from_dict(result.to_dict()).r_code()) == want
