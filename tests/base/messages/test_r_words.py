"""What users of R write first gets the right hint, never a wrong one."""

import inspect
import pickle

import pytest

import metaonc as mo
from metaonc.base.messages.hints import near, of_argument, of_name, of_value
from metaonc.base.messages.r_words import ARGUMENTS, FUNCTIONS, LACKING, VALUES

EFFECTS = {"yi": [-0.4, -0.2, 0.1], "vi": [0.05, 0.04, 0.06], "trial": ["A", "B", "C"]}
ARM = {"x": [3, 4, 5], "m": [20, 21, 30]}
TWO = {"a": [3, 4, 5], "n1": [20, 21, 30], "b": [5, 6, 4], "n2": [20, 22, 31]}

CELLS = {"events_t": "a", "n_t": "n1", "events_c": "b", "n_c": "n2"}


def public(path):
    found = mo
    for name in path.removeprefix("mo.").split("."):
        found = getattr(found, name)
    return found


def test_what_the_table_names_exists():
    for record in FUNCTIONS:
        for word in record.here.replace(",", " ").replace(";", " ").replace("(", " ").split():
            if word.startswith("mo."):
                assert callable(public(word)), word
    for record in ARGUMENTS:
        for verb in record.verbs:
            function = public(verb)
            roles = mo.effect_sizes.__wrapped__.__annotations__ if verb == "effect_sizes" else {}
            names = set(inspect.signature(function).parameters)
            if roles:
                names |= set(accepted_by_effect_sizes())
            assert record.option in names, (verb, record.option)
    methods = {*mo.TAU2_METHODS, "exact", "wilson", "agresti-coull"}
    codes = {"method": methods, "ci": mo.CI_METHODS, "measure": mo.MEASURES}
    for record in VALUES:
        assert record.here or record.how
        if record.here and record.option in codes:
            assert record.here in codes[record.of or record.option], record


def accepted_by_effect_sizes():
    with pytest.raises(mo.ArgumentError) as caught:
        mo.effect_sizes(ARM, measure="PLO", nothing_of_the_kind="x")
    return str(caught.value).partition("it has ")[2].partition(".")[0].split(", ")


def test_no_word_has_two_answers():
    for records in (FUNCTIONS, ARGUMENTS):
        words = [name for record in records for name in record.names]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: mo.pool(EFFECTS, method="FE"), "That is method='CE' here"),
        (lambda: mo.pool(EFFECTS, method="EE"), "That is method='CE' here"),
        (lambda: mo.pool(EFFECTS, method="MH"), "MH: mo.pool_mantel_haenszel."),
        (lambda: mo.pool(EFFECTS, method="GLMM"), "GLMM: mo.pool_glmm."),
        (lambda: mo.pool(EFFECTS, method="knha"), "That is ci='HKSJ' here"),
        (lambda: mo.pool(EFFECTS, method="SJIT"), "SJIT is not in metaonc yet"),
        (lambda: mo.pool(EFFECTS, method="dl"), "Did you mean 'DL'?"),
        (lambda: mo.pool(EFFECTS, ci="KNHA"), "That is ci='HKSJ' here"),
        (lambda: mo.pool(EFFECTS, ci="hk"), "That is ci='HKSJ' here"),
        (lambda: mo.pool(EFFECTS, ci="adhoc"), "That is ci='HKSJ-adhoc' here"),
        (lambda: mo.pool_glmm(ARM, events="x", n="m", ci="hksj"), "a mixed model of counts has wald, t and profile"),
        (lambda: mo.effect_sizes(ARM, measure="ORR", events="x", n="m"), "That is measure='PLO' here"),
        (lambda: mo.effect_sizes(TWO, measure="ROM", events_t="a"), "ROM is not in metaonc yet"),
        (lambda: mo.pool_mantel_haenszel(TWO, measure="ORR", **CELLS), "a response rate is a proportion of one arm"),
        (lambda: mo.proportion_interval(3, 10, method="CP"), "That is method='exact' here"),
    ],
)  # fmt: skip
def test_values(act, says):
    with pytest.raises(mo.OptionError) as caught:
        act()
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: mo.effect_sizes(ARM, measure="PLO", xi="x", ni="m"), "R calls it xi; here it is events=."),
        (lambda: mo.effect_sizes(TWO, measure="OR", ai="a"), "R calls it ai; here it is events_t=."),
        (lambda: mo.effect_sizes(TWO, measure="OR", bi="a"), "here it is n_t=, which is ai + bi"),
        (lambda: mo.effect_sizes(TWO, measure="OR", **{"event.e": "a"}), "R calls it event.e; here it is events_t=."),
        (lambda: mo.pool_peto(TWO, n_c="n2", event_c="b"), "R calls it event.c; here it is events_c=."),
        (lambda: mo.pool(EFFECTS, sm="OR"), "R calls it sm; here it is measure=."),
        (lambda: mo.pool(EFFECTS, TE="yi"), "R calls it TE; here it is yi=."),
        (lambda: mo.pool(EFFECTS, seTE="se"), "here it is vi=, square standard errors"),
        (lambda: mo.pool(EFFECTS, byvar="x"), "here it is by= of pool_subgroups"),
        (lambda: mo.pool_subgroups(EFFECTS, by="trial", slab="trial"), "R calls it slab; here it is study=."),
        (lambda: mo.pool(EFFECTS, mods="~ x"), "here it is formula= of regress"),
        (lambda: mo.pool(EFFECTS, data=EFFECTS), "R's data: the table is the first argument"),
        (lambda: mo.pool(EFFECTS, method_tau="DL"), "R calls it method.tau; here it is method=."),
        (lambda: mo.pool(EFFECTS, meassure="OR"), "Did you mean measure=?"),
        (lambda: mo.pool(EFFECTS, cluster="trial"), "robust variances are the method robust of what pool_multilevel"),
        (lambda: mo.pool([0.1], [0.2]), "pool takes 1 argument by position (table), and 2 were given"),
        (lambda: mo.plot.forest(None, leftcols=["n"]), "R calls it leftcols; here it is left=."),
        (lambda: mo.analyse("lgsoc", outcome="orr", byvar="kras"), "here it is by="),
    ],
)
def test_arguments(act, says):
    with pytest.raises(mo.ArgumentError) as caught:
        act()
    assert says in str(caught.value)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, mo.MetaoncError)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("rma", "R's rma is here: mo.pool;"),
        ("metagen", "R's metagen is here: mo.pool;"),
        ("metaprop", "mo.pool_glmm"),
        ("escalc", "mo.effect_sizes"),
        ("forest", "mo.plot.forest"),
        ("leave1out", "mo.sensitivity.leave_one_out"),
        ("rstudent", "mo.sensitivity.influence"),
        ("survfit", "mo.survival.kaplan_meier"),
        ("coxph", "mo.survival.hazard_ratio"),
        ("rmst2", "mo.survival.rmst; over trials mo.survival.pool_rmst"),
        *((name, f"{name} is {LACKING}.") for name in ("netmeta", "pool_network", "rstandard", "qqnorm")),
    ],
)
def test_names(name, says):
    for module in (mo, mo.survival, mo.sensitivity):
        with pytest.raises(AttributeError) as caught:
            getattr(module, name)
        assert says in str(caught.value)
    assert not hasattr(mo, name)


# what rma.uni and escalc of metafor 3.8-1 take, by their source
METHODS = "FE EE CE HS HSk HE DL DLIT GENQ GENQM SJ SJIT PM MP PMM ML REML EB"
MEASURES = """RR OR PETO RD AS PHI YUQ YUY RTET PBIT OR2D OR2DN OR2DL MPRD MPRR MPOR MPORC MPPETO MPORM IRR IRD IRSD MD
    SMD
    SMDH SMD1 SMD1H ROM CVR VR RPB RBIS D2OR D2ORN D2ORL COR UCOR ZCOR PCOR ZPCOR SPCOR PR PLN PLO PAS PFT IR IRLN IRS
    IRFT MN MNLN CVLN SDLN SMN MC SMCC SMCR SMCRH ROMC CVRC VRC ARAW AHW ABT REH GEN"""


@pytest.mark.parametrize(("option", "words", "ours"), [
    ("method", METHODS, [*mo.TAU2_METHODS, "GENQ"]), ("measure", MEASURES, list(mo.MEASURES)),
])  # fmt: skip
def test_every_code_of_metafor_is_here_or_has_its_answer(option, words, ours):
    for word in set(words.split()) - set(ours):
        said = of_value(option, word, ours)
        assert "here: " in said or said == f" {word} is {LACKING}.", word


def test_short_words_have_no_neighbour_but_their_case():
    measures = list(mo.MEASURES)
    for word in ("ORR", "ARR", "RRR", "PRR", "ORX", "cure"):
        assert near(word, measures) is None
    assert near("hr", measures) == "HR"
    assert of_value("outcome", "cure", ["cr", "orr"]) == ""
    assert of_argument("zzz", ["yi", "vi"]) == of_name("zzz", ["pool"]) == ""


def test_a_verb_is_itself_behind_the_check():
    assert pickle.loads(pickle.dumps(mo.pool)) is mo.pool
    assert list(inspect.signature(mo.pool).parameters)[:2] == ["table", "yi"]
    assert mo.pool.__module__.startswith("metaonc.")


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("anova", "likelihood_ratio_test"),
        ("profile", "tau2_ci"),
        ("emmeans", "contrast"),
        ("conv.wald", "mo.effect_sizes"),
        ("conv_wald", "mo.effect_sizes"),
    ],
)
def test_verbs_on_fitted_models_are_guided(word, says):
    with pytest.raises(AttributeError, match=f"R's {word.replace('_', '.')} is here: .*{says}"):
        getattr(mo, word)


def test_what_verbs_on_fitted_models_are_said_to_be_is_there():
    line = mo.regress({**EFFECTS, "x": [1, 2, 4]}, "~ x", study="trial", method="ML")
    for name in ("likelihood_ratio_test", "predict", "contrast", "tau2_ci"):
        assert callable(getattr(line, name))
    assert callable(mo.results.MultilevelResult.sigma2_ci)
    assert callable(mo.results.MetaResult.tau2_ci)
