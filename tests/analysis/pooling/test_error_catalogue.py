"""Every refusal says what is wrong, where, what stands there and how to mend it; and what is sound is not refused."""

import re

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, MetaoncError, OptionError

ARM = {"trial": ["KRYSTAL-1", "CodeBreaK"], "x": [48, 46], "n": [112, 124]}
TWO = {"trial": ["A", "B"], "a": [3, 5], "na": [30, 31], "c": [6, 7], "nc": [30, 29]}
HR = {"trial": ["LOGS", "MILO"], "hr": [0.48, 1.21], "lo": [0.36, 0.79], "hi": [0.64, 1.86]}
POOL = {"trial": ["A", "B", "C"], "yi": [0.1, 0.2, 0.4], "vi": [0.04, 0.05, 0.02], "by": ["m", "m", "w"]}


def arm(measure="PLO", verb=mo.effect_sizes, table=ARM, **change):
    options = {"events": "x", "n": "n", "study": "trial"} | change
    return verb({**table}, measure=measure, **options)


def glmm(table=ARM, **change):
    return mo.pool_glmm(table, **{"events": "x", "n": "n", "study": "trial"} | change)


def two(table=TWO, **change):
    options = {"events_t": "a", "n_t": "na", "events_c": "c", "n_c": "nc", "study": "trial", "measure": "OR"}
    return mo.effect_sizes(table, **options | change)


def hazard(table=HR, **change):
    options = {"hr": "hr", "ci_low": "lo", "ci_high": "hi", "study": "trial", "measure": "HR"}
    return mo.effect_sizes(table, **options | change)


def pool(table=POOL, **change):
    return mo.pool(table, **{"study": "trial"} | change)


def groups(table=POOL, **change):
    return mo.pool_subgroups(table, **{"by": "by", "study": "trial"} | change)


def has(table, **columns):
    return {**table, **columns}


CATALOGUE = [
    # counts
    ("responders above n", lambda: arm(table=has(ARM, x=[48, 130])), DataError,
     r"trial 'CodeBreaK' \(row 1\): events=130 exceeds n=124; columns events='x', n='n'"),
    ("responders above n, glmm", lambda: glmm(has(ARM, x=[113, 46])), DataError,
     r"trial 'KRYSTAL-1' \(row 0\): events=113 exceeds n=112; columns events='x', n='n'"),
    ("responders above n, without names", lambda: arm(table=has(ARM, x=[48, 130]), study=None), DataError,
     r"trial '2' \(row 1\): events=130"),
    ("two rows alike", lambda: arm(table=has(ARM, x=[113, 130])), DataError, r"\(row 0\).*\(1 more row like it\.\)"),
    ("negative", lambda: arm(table=has(ARM, x=[-1, 46])), DataError, r"\(row 0\): events=-1 is not a count; column"),
    ("fractional", lambda: glmm(has(ARM, x=[48, 46.5])), DataError, r"\(row 1\): events=46.5 is not a count"),
    ("fractional n", lambda: arm(table=has(ARM, n=[112.2, 124])), DataError, r"n=112.2 is not a count; column n='n'"),
    ("infinite", lambda: arm(table=has(ARM, n=[np.inf, 124])), DataError, r"\(row 0\): n=inf is not a count"),
    ("n = 0", lambda: arm(table=has(ARM, x=[0, 46], n=[0, 124])), DataError,
     r"\(row 0\): n=0: no patients.*column n='n'"),
    ("control above n", lambda: two(has(TWO, c=[6, 30])), DataError,
     r"trial 'B' \(row 1\): events_c=30 exceeds n_c=29; columns events_c='c', n_c='nc'"),
    ("treatment negative", lambda: two(has(TWO, a=[-3, 5])), DataError, r"\(row 0\): events_t=-3 is not a count"),
    ("text", lambda: arm(table=has(ARM, x=[48, "46 (37%)"])), DataError,
     r"trial 'CodeBreaK' \(row 1\): events='46 \(37%\)' is not a number"),
    ("text in glmm", lambda: glmm(has(ARM, n=["NR", 124])), DataError, r"\(row 0\): n='NR' is not a number"),
    ("empty cell, no correction", lambda: arm(table=has(ARM, x=[0, 46]), to="none"), DataError,
     r"trial 'KRYSTAL-1' \(row 0\): an empty cell.*'PLO'.*to='only0'.*pool_glmm"),
    ("empty cells of both arms", lambda: two(has(TWO, a=[0, 5], c=[0, 7]), measure="PETO", to="none"), DataError,
     r"\(row 0\): an empty cell.*'PETO'"),
    # hazard ratios and medians
    ("estimate outside", lambda: hazard(has(HR, hr=[0.7, 1.21])), DataError,
     r"trial 'LOGS' \(row 0\): hr=0.7 lies outside its interval 0.36 to 0.64; columns hr='hr', ci_low='lo'"),
    ("limits swapped", lambda: hazard(has(HR, lo=HR["hi"], hi=HR["lo"])), DataError,
     r"\(row 0\): the interval 0.64 to 0.36 is empty or upside down; columns"),
    ("hazard ratio 0", lambda: hazard(has(HR, hr=[0, 1.21])), DataError, r"\(row 0\): hr=0: it must be above 0"),
    ("hazard ratio negative", lambda: hazard(has(HR, hr=[-0.73, 0.19])), DataError,
     r"\(row 0\): hr=-0.73: it must be above 0; give the hr itself, not its logarithm; column hr='hr'"),
    ("limit 0", lambda: hazard(has(HR, lo=[0, 0.79])), DataError, r"\(row 0\): ci_low=0: .*column ci_low='lo'"),
    ("limit infinite", lambda: hazard(has(HR, hi=[np.inf, 1.86])), DataError, r"ci_high is infinite; leave"),
    ("level 95", lambda: hazard(level=95), OptionError, r"level=95 is not a proportion.*write level=0.95"),
    ("level 95 in pool", lambda: pool(level=95), OptionError, r"level=95 .*write level=0.95"),
    ("level 95 in glmm", lambda: glmm(level=95), OptionError, r"write level=0.95"),
    ("level 0", lambda: pool(level=0), OptionError, r"level=0 is not a proportion between 0 and 1: write 0.95"),
    ("level True", lambda: pool(level=True), OptionError, r"level=True is not a proportion"),
    ("level 95 in a column", lambda: hazard(has(HR, level=[0.95, 95]), level="level"), DataError,
     r"trial 'MILO' \(row 1\): level=95 is not between 0 and 1: write 0.95"),
    ("level 95 of a result", lambda: pool().confidence_interval(95), OptionError, r"write level=0.95"),
    ("median of 0", lambda: mo.effect_sizes({"m": [0], "l": [1], "u": [2]}, measure="MEDLN", median="m", ci_low="l",
                                            ci_high="u"), DataError, r"median=0: it must be above 0"),
    # columns
    ("missing column", lambda: arm(events="responder", table=has(ARM, responders=[1, 2])), ColumnError,
     r"events='responder' is not a column of the table; it has .*Did you mean events='responders'\?"),
    ("missing column of pool", lambda: pool(yi="y"), ColumnError, r"yi='y' is not a column.*Did you mean yi='yi'\?"),
    ("missing study", lambda: glmm(study="trail"), ColumnError, r"study='trail'.*Did you mean study='trial'\?"),
    ("missing by", lambda: groups(by="kras"), ColumnError, r"by='kras' is not a column"),
    ("missing level column", lambda: hazard(level="lvl"), ColumnError, r"level='lvl' is not a column"),
    ("column not named", lambda: mo.effect_sizes(ARM, measure="PLO", events="x"), ColumnError, r"'PLO'.*n.*not given"),
    ("no use for a column", lambda: arm(hr="x"), OptionError, r"'PLO' takes .*events.*n.*it has no use for hr='x'"),
    ("yi is there already", lambda: arm(table=has(ARM, yi=[1, 2])), DataError, r"already has a column 'yi'; rename or"),
    ("a column twice", lambda: mo.pool(pd.DataFrame([[1, 2, 3]], columns=["yi", "vi", "vi"])), DataError,
     r"column 'vi' stands in the table more than once; rename"),
    # tables
    ("empty table", lambda: mo.pool({"yi": [], "vi": []}), DataError, r"the table has no rows"),
    ("ragged columns", lambda: mo.pool({"yi": [1.0], "vi": [1.0, 2.0]}), DataError, r"do not make a table: .*length"),
    ("no table", lambda: mo.pool([1, 2, 3]), DataError, r"a dataframe \(pandas, polars, .*is wanted, not list"),
    ("a file name", lambda: mo.pool_glmm("trials.csv", events="x", n="n"), DataError, r"is wanted, not str"),
    # options
    ("measure", lambda: arm("LOGIT"), OptionError, r"measure='LOGIT' is not an option; choose from 'PR', .*'MEDLN'"),
    ("measure near", lambda: arm("plo"), OptionError, r"Did you mean 'PLO'\?"),
    ("measure of pool", lambda: pool(measure="TWIN"), OptionError, r"measure='TWIN' .*'GEN'"),
    ("measure of glmm", lambda: glmm(measure="PR"), OptionError, r"measure='PR' is not an option; choose from 'PLO'"),
    ("method", lambda: pool(method="reml"), OptionError, r"method='reml'.*'CE', 'DL', .*'REML'.*Did you mean"),
    ("method, not text", lambda: pool(method=1), OptionError, r"method=1 is not an option; choose from 'CE'"),
    ("ci", lambda: pool(ci="knha"), OptionError, r"ci='knha' is not an option; choose from 'wald', 't', 'HKSJ'"),
    ("ci of glmm", lambda: glmm(ci="HKSJ"), OptionError, r"ci='HKSJ' is not an option; choose from 'wald', 't'"),
    ("prediction", lambda: pool(prediction="hts"), OptionError, r"prediction='hts' .*'wald', 't', 'HTS'"),
    ("prediction of glmm", lambda: glmm(prediction="HTS"), OptionError, r"prediction='HTS' .*'wald', 't'"),
    ("to", lambda: arm(to="zero"), OptionError, r"to='zero' is not an option; choose from 'only0', 'all', 'if0all', "),
    ("add 0", lambda: arm(add=0), OptionError, r"add=0 must be above 0; to='none' switches the correction off"),
    ("Kenward-Roger without REML", lambda: pool(method="DL", ci="KR"), OptionError,
     r"made for method='REML', not 'DL'"),
    ("Kenward-Roger prediction", lambda: pool(method="ML", prediction="KR-PR"), OptionError,
     r"made for method='REML', not 'ML'"),
    ("Henmi-Copas without DL", lambda: pool(ci="HC"), OptionError, r"made for method='DL', not 'REML'"),
    ("tau2 negative", lambda: pool(tau2=-0.1), OptionError, r"tau2=-0.1 is a variance"),
    ("tau2 infinite", lambda: pool(tau2=np.inf), OptionError, r"tau2=inf is a variance"),
    ("points 0", lambda: glmm(points=0), OptionError, r"points=0 must be a whole number from 7 to 100"),
    ("points 1, far off", lambda: glmm(points=1), OptionError, r"points=1 must be a whole number from 7"),
    ("points fractional", lambda: glmm(points=20.5), OptionError, r"points=20.5 must be a whole number"),
    ("common tau2 with glmm", lambda: mo.pool_subgroups(has(ARM, by=["m", "w"]), by="by", using=mo.pool_glmm,
                                                        common_tau2=True, events="x", n="n"), OptionError,
     r"common_tau2=True is for pool"),
    ("interval of tau2", lambda: pool().tau2_ci("profile"), OptionError, r"method='profile' .*'QP', 'PL'"),
    ("profile likelihood of DL", lambda: pool(method="DL").tau2_ci("PL"), OptionError, r"'DL'.*'REML', 'ML'"),
    # effects
    ("variance 0", lambda: pool(has(POOL, vi=[0.04, 0, 0.02])), DataError,
     r"trial 'B' \(row 1\): vi=0 is not above 0; a sampling variance is a squared standard error"),
    ("variance negative", lambda: pool(has(POOL, vi=[0.04, 0.05, -0.02])), DataError,
     r"'C' \(row 2\): vi=-0.02 is not"),
    ("variance infinite", lambda: pool(has(POOL, vi=[np.inf, 0.05, 0.02])), DataError, r"\(row 0\): vi is infinite"),
    ("effect infinite", lambda: pool(has(POOL, yi=[-np.inf, 0.2, 0.4])), DataError,
     r"\(row 0\): yi=-inf is infinite; if a cell of its counts is empty, correct it"),
    ("effect is text", lambda: pool(has(POOL, yi=[0.1, "n.s.", 0.4])), DataError,
     r"\(row 1\): yi='n.s.' is not a number"),
    ("mixed measures", lambda: pool(has(POOL, measure=["OR", "OR", "HR"])), DataError,
     r"mixes the measures OR, HR; pool"),
    ("measure of the table", lambda: pool(has(POOL, measure=["TWIN"] * 3)), OptionError,
     r"measure='TWIN' is not an option"),
    ("all rows missing", lambda: pool(has(POOL, vi=[None] * 3)), DataError, r"no row has both an effect \(yi\) and"),
    ("all rows missing, glmm", lambda: glmm(has(ARM, x=[None, None])), DataError, r"no row has both responders \(x\)"),
    ("no level", lambda: groups(has(POOL, by=["m", None, "w"])), DataError, r"row 1 has no by; name its subgroup"),
    ("a group without a complete row", lambda: groups(has(POOL, vi=[0.04, 0.05, None])), DataError, r"no row has both"),
    ("double arcsine without n", lambda: pool(measure="PFT").tidy(transform=True), DataError,
     r"'PFT' has no back-transform without sample sizes"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "error", "says"), [pytest.param(*row[1:], id=row[0]) for row in CATALOGUE])
@pytest.mark.filterwarnings(
    "ignore::metaonc.errors.DataWarning"
)  # some of the rows that are refused are dropped before
def test_refusal(act, error, says):
    with pytest.raises(error, match=says) as caught:
        act()
    assert isinstance(caught.value, MetaoncError)
    assert type(caught.value) is error
    assert not re.search(r"\bnp\.|float64|<.*object", str(caught.value))  # a reader's words, no reprs of the machinery


def test_an_error_is_also_the_builtin_one():
    for error, builtin in [(DataError, ValueError), (ColumnError, DataError), (OptionError, ValueError)]:
        assert issubclass(error, builtin)


@pytest.mark.parametrize(
    ("act", "dropped"),
    [
        pytest.param(lambda: mo.pool(has(POOL, vi=[0.04, None, 0.02]), study="trial"), "missing: vi", id="pool"),
        pytest.param(lambda: mo.pool(has(POOL, yi=[0.1, np.nan, 0.4]), study="trial"), "missing: yi", id="pool-yi"),
        pytest.param(
            lambda: mo.pool(
                has(POOL, yi=[0.1, None, 0.4], route=["a", "missing: hr", "a"], measure=["HR"] * 3), study="trial"
            ),
            "missing: hr",
            id="pool-route",
        ),
        pytest.param(
            lambda: mo.pool_glmm({"trial": ["A", "B", "C"], "x": [3, None, 5], "n": [9, 9, 9]}, events="x", n="n",
                                 study="trial"), "missing: x", id="glmm",
        ),
    ],
)  # fmt: skip
def test_missing_rows_are_dropped_with_one_warning_at_the_caller(act, dropped):
    with pytest.warns(DataWarning, match=r"1 of 3 rows left out. trial 'B' \(row 1\): missing") as caught:
        r = act()
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert r.provenance.dropped == (f"trial 'B' (row 1): {dropped}",)
    assert (r.provenance.rows_in, r.provenance.rows_used, r.k) == (3, 2, 2)
    assert r.studies.labels == ("A", "C")
    assert "Left out: trial 'B' (row 1)" in r.summary()


def test_missing_rows_of_subgroups_are_dropped_with_one_warning_at_the_caller():
    table = {"by": list("mmmww"), "yi": [0.1, None, 0.2, 0.3, 0.5], "vi": [0.1] * 5}
    with pytest.warns(DataWarning) as caught:
        r = mo.pool_subgroups(table, by="by")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert r.provenance.dropped == ("trial '2' (row 1): missing: yi",)
    assert (r.provenance.rows_in, r.provenance.rows_used) == (5, 4)


def test_missing_trial_of_a_later_subgroup_is_named_by_its_row_of_the_whole_table():
    table = {"by": list("mmwww"), "yi": [0.1, 0.1, 0.2, 0.3, None], "vi": [0.1] * 5}
    with pytest.warns(DataWarning):
        r = mo.pool_subgroups(table, by="by")
    assert r.provenance.dropped == ("trial '5' (row 4): missing: yi",)


def test_corrections_are_in_the_provenance():
    es = mo.effect_sizes({"trial": ["A", "B"], "x": [0, 5], "n": [20, 30]}, measure="PLO", events="x", n="n")
    r = mo.pool(es, study="trial")
    assert r.provenance.corrected == ("trial 'A': events/n, 0.5 added to each cell",)
    assert "Corrected: trial 'A'" in r.summary()


def test_text_that_is_a_number_is_read_as_one():
    plain, text = mo.pool(POOL), mo.pool(has(POOL, yi=["0.1", "0.2", "0.4"]))
    assert plain.estimate == text.estimate


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT], ids=str)
def test_every_kind_of_missing_value_is_missing(missing):
    with pytest.warns(DataWarning, match="1 of 3 rows left out"):
        assert mo.pool(has(POOL, vi=pd.Series([0.04, missing, 0.02], dtype=object))).k == 2


@pytest.mark.parametrize("name", ["se", "SE", "sei", "std_error"])
def test_a_standard_error_given_as_variance(name):
    with pytest.raises(mo.OptionError, match=f"vi='{name}' names standard errors; square them"):
        mo.pool({"yi": [0.1, 0.2], name: [0.1, 0.2]}, vi=name)


GROUPS = {"yi": [0.1, 0.4, -0.2, 0.5], "vi": [0.1, 0.08, 0.2, 0.15], "w": [1, 2, 3, 1], "g": list("aabb")}


@pytest.mark.parametrize("options", [{"tau2": 0.1}, {"method": "GENQ", "weights": "w", "ci": "t"}])
def test_a_common_tau2_that_is_not_to_be_estimated(options):
    with pytest.raises(mo.OptionError, match="common_tau2=True estimates tau² itself"):
        mo.pool_subgroups(GROUPS, by="g", common_tau2=True, **options)


@pytest.mark.parametrize("options", [{"tau2": 0.1, "ci": "wald"}, {"method": "GENQ", "weights": "w", "ci": "t"}])
def test_no_f_test_where_tau2_is_known_or_weights_are_given(options):
    assert np.isnan(mo.pool_subgroups(GROUPS, by="g", **options).f_between)


def test_a_row_has_one_name_whatever_reads_it():
    """The fifth row of the user's table, of which a part is given."""
    table = pd.DataFrame(
        {"yi": [0.3, -0.2, 0.1, 0.4, -0.3, 0.2], "vi": 0.05, "x": [1.0, 3.0, 2.0, 5.0, 4.0, 6.0], "e": 3, "n": 20}
    )
    part = table.iloc[1:]
    blank = {column: part.assign(**{column: part[column].where(part.index != 4)}) for column in ("yi", "x", "e")}
    level = part.assign(by=["b" if i == 4 else "a" for i in part.index])
    acts = [
        lambda: mo.pool(blank["yi"]),
        lambda: mo.pool_bayes(blank["yi"]),
        lambda: mo.regress(blank["yi"], "~ x"),
        lambda: mo.regress(blank["x"], "~ x"),
        lambda: mo.pool_glmm(blank["e"], events="e", n="n"),
        lambda: mo.pool_subgroups(level, by="by", singletons="leave out"),
        lambda: mo.interaction(
            blank["yi"].assign(t=list("AABBA"), by=list("uvuvw")), study="t", by="by", contrast=("u", "v")
        ),
    ]
    names = []
    for act in acts:
        with pytest.warns(DataWarning, match="left out"):
            names.append(act().provenance.dropped[-1].partition(":")[0])
    assert names == ["trial '5' (row 4)"] * 6 + ["trial 'B' (row 4)"]
