"""
Would the conclusion survive? One that does, and one that does not
==================================================================

BCG against tuberculosis, 13 trials, is the textbook example of heterogeneity: the size of the effect is anybody's
guess, that there is one is not. High-dose chemotherapy in aggressive lymphoma raised complete responses in 13 trials,
odds ratio 1.32 (1.09 to 1.59) with a common effect (Greb 2008, abstract read). With a random effect and the trial that
came later the interval excludes no effect too, but which trials and which methods were chosen decides that.
"""

# %%
from pathlib import Path

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
ARMS = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}


def pool(name, measure):
    """Return the pool of a collection by REML with a Hartung-Knapp interval."""
    return mo.pool(mo.effect_sizes(mo.load(name).evidence, measure=measure, study="trial", **ARMS), study="trial")


# %%
# A conclusion that survives
# --------------------------
bcg = mo.robustness(pool("bcg", "RR"))
print(bcg)
mo.save(mo.plot.robustness(bcg, effect="Risk ratio, tuberculosis"), FIGURES / "v11_bcg.pdf")
assert bcg.moves == 0
assert bcg.pairs.changed.empty  # without any two of the trials
assert bcg.multiverse.agreement == 1
assert bcg.tipping_point.null_size != bcg.tipping_point.null_size  # no trial without effect overturns it

# %%
# One that does not
# -----------------
# As published, but for the last digit of the lower limit:
trials = mo.load("greb2008").evidence
thirteen = mo.pool_mantel_haenszel(trials[trials["trial"] != "Rodriguez 2003"], measure="OR", study="trial", **ARMS)
printed = [round(float(thirteen.natural(x)), 2) for x in (thirteen.estimate, thirteen.ci_low, thirteen.ci_high)]
assert printed == [1.32, 1.10, 1.59]

# %%
# And asked whether it would survive:
lymphoma = mo.robustness(pool("greb2008", "OR"))
print(lymphoma)
mo.save(mo.plot.robustness(lymphoma, effect="Odds ratio, complete response"), FIGURES / "v11_lymphoma.pdf")
assert lymphoma.whole.ci_low > 0
assert lymphoma.moves >= 2
assert len(lymphoma.single.changed) == 8  # without any one of eight of the trials the interval includes 1
assert lymphoma.fragility.index == 2  # patients
assert lymphoma.multiverse.agreement < 0.7

# %%
# Choices, and who made the difference
# ------------------------------------
# As most pools were published, with Wald's interval beside those that allow for the number of trials.
choices = mo.sensitivity.multiverse(
    lymphoma.whole, intervals=["wald", "HKSJ", "HKSJ-adhoc"], exclude={"one trial": 1}
)  # fmt: skip
mo.save(mo.plot.specification(choices), FIGURES / "v11_choices.pdf")
shares = choices.shares.set_index("choice")
print(shares)
assert shares.loc["one trial", "share"] > 0.9  # of the estimates: which trial is in
assert shares.loc["ci", "share"] == 0  # an interval moves no estimate
assert shares.loc["ci", "share_limit"] > 0.02  # it moves the limit that decides
