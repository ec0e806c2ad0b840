"""
HER2 as a prognostic factor in endometrial cancer (Zhang 2015)
==============================================================

Hazard ratios with 95 % intervals as 16 studies printed them: overall survival of 14, progression-free survival of 6.
The abstract of the review prints 1.98 (1.49 to 2.62) and 2.26 (1.57 to 3.25) (World J Surg Oncol 2015;13:208). The
studies' figures are those that the R package metamisc compiles; that DerSimonian and Laird's method was used is
inferred from the match. One of the six numbers does not come out: the upper limit for overall survival is 2.63.
"""

# %%
import warnings
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
PRINTED = 0.005  # half a unit of the second decimal, the last that was published
R_DIGITS = 1e-6  # of metafor, its iterations run to the end


def hr(result):
    return result.natural(np.array([result.estimate, result.ci_low, result.ci_high]))


zhang = mo.load("zhang2015")
print(zhang)

# %%
# From printed intervals to effects
# ---------------------------------
# A hazard ratio lies at the centre of its interval on the log scale. Where it does not, a number may be mistyped, the
# level another or the analysis of another kind; the package says so and changes nothing.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    es = mo.effect_sizes(
        zhang.evidence, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", level="hr_level", study="trial"
    )
for warning in caught:
    print(warning.message)
assert len(caught) == 4
assert all("is not at the centre" in str(w.message) for w in caught)
pools = {
    outcome: mo.pool(es[es["outcome"] == outcome], study="trial", method="DL", ci="wald") for outcome in ("os", "pfs")
}

# %%
# Progression-free survival
# -------------------------
# Published: 2.26 (1.57 to 3.25).
pfs = pools["pfs"]
print(pfs)
np.testing.assert_allclose(hr(pfs), [2.26, 1.57, 3.25], atol=PRINTED)
np.testing.assert_allclose(hr(pfs), [2.2589785, 1.5697052, 3.2509185], rtol=R_DIGITS)
mo.save(mo.plot.forest(pfs, effect="Hazard ratio, progression"), FIGURES / "zhang_2015_pfs.png", dpi=200)

# %%
# Overall survival
# ----------------
# Published: 1.98 (1.49 to 2.62). The upper limit is 2.633 here and in R: rounding of the inputs to two decimals can
# make such a difference, so that it is no sign of another method.
os = pools["os"]
print(os)
np.testing.assert_allclose(hr(os)[:2], [1.98, 1.49], atol=PRINTED)
np.testing.assert_allclose(hr(os), [1.9835252, 1.4945109, 2.6325484], rtol=R_DIGITS)
assert round(float(hr(os)[2]), 2) == 2.63
print(f"Upper limit: published 2.62, here {hr(os)[2]:.3f}")
mo.save(mo.plot.forest(os, effect="Hazard ratio, death"), FIGURES / "zhang_2015_os.png", dpi=200)

# %%
# What a present-day analysis says
# --------------------------------
# Restricted maximum likelihood with the Hartung-Knapp interval, and a prediction interval. The average is much the
# same; in a new study HER2 may be of no consequence.
today = mo.pool(es[es["outcome"] == "os"], study="trial")
low, high = today.natural(np.array([today.prediction_low, today.prediction_high]))
print(f"HR {hr(today)[0]:.2f} ({hr(today)[1]:.2f} to {hr(today)[2]:.2f}), in a new study {low:.2f} to {high:.2f}")
np.testing.assert_allclose(
    [*hr(today), low, high], [1.9482677, 1.433118, 2.6485935, 0.95618807, 3.9696657], rtol=R_DIGITS
)
assert low < 1 < high

# %%
# Intervals too narrow for their studies
# --------------------------------------
# The variance of a log hazard ratio of two groups is at least 4 / events. Three of the studies would need more events
# than they had patients: their numbers, or that they compare two groups, cannot be right.
survival = es[es["outcome"] == "os"].assign(least_events=lambda t: np.ceil(4 / t["vi"]))
impossible = survival[survival["least_events"] > survival["n_both"]]
print(impossible[["trial", "hr", "hr_low", "hr_high", "n_both", "least_events"]].to_string(index=False))
assert set(impossible["trial"]) == {"Odicino 2008", "Backe 1997", "Peiro 2004"}
without = mo.pool(survival.drop(impossible.index), study="trial", method="DL", ci="wald")
np.testing.assert_allclose(hr(without), [2.3774954, 1.7518926, 3.2265015], rtol=R_DIGITS)
print(f"Without them: HR {hr(without)[0]:.2f} ({hr(without)[1]:.2f} to {hr(without)[2]:.2f})")
