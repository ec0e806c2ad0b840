"""
Does KRAS modify the effect? Where the model decides (Dahabreh 2011)
====================================================================

The honest answer is the ratio of hazard ratios within each trial, mutant to wild-type, pooled. Published, random
effects: overall survival 1.30 (0.95 to ...) (Ann Intern Med 2011;154:37-49, abstract read up to there). Its upper
limit, 1.78, and progression-free survival, 2.22 (1.74 to 2.84), are remembered and were not read: that they come out is
shown below and is no reproduction.

Assumed: the trials (CO.17, 20020408, and CRYSTAL and OPUS as of 2009), inferred from what was out; their KRAS-mutant
hazard ratios but one were not read in the articles. Tolerance 0.01, since the inputs have two decimals.
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
TOLERANCE = 0.01
egfr = mo.load("egfr_crc")
ARMS = {"pfs": ["co17-cetuximab-kras-{}-pfs", "20020408-panitumumab-kras-{}-pfs", "crystal-cetuximab-kras-{}-pfs-2009",
                "opus-cetuximab-kras-{}-pfs-2009"],
        "os": ["co17-cetuximab-kras-{}-os", "20020408-panitumumab-kras-{}-os", "crystal-cetuximab-kras-{}-os-2009"],
        }  # fmt: skip


def interaction(outcome, method):
    """Return the ratio of hazard ratios, mutant to wild-type."""
    rows = [arm.format(level) for arm in ARMS[outcome] for level in ("wt", "mut")]
    evidence = egfr.evidence.set_index("row_id").loc[rows].reset_index()
    es = mo.effect_sizes(evidence, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")
    return mo.interaction(
        es, study="trial", by="subgroup_level", contrast=("mutant", "wild-type"), method=method, ci="wald"
    )


def ratio(r):
    """Return the ratio with its limits."""
    return np.exp([r.estimate, r.ci_low, r.ci_high])


# %%
# Progression-free survival: no doubt
# -----------------------------------
pfs = interaction("pfs", "DL")
np.testing.assert_allclose(ratio(pfs), [2.22409, 1.74312, 2.83777], atol=6e-6)  # metafor
np.testing.assert_allclose(ratio(pfs), [2.22, 1.74, 2.84], atol=TOLERANCE)  # remembered, not read
print(pfs)

# %%
# Overall survival: the model decides
# -----------------------------------
# 1.30 with random effects is not significant, 1.29 with a common effect is. That is no contradiction: the interval that
# allows for differences between the three trials is wider.
random, common = interaction("os", "DL"), interaction("os", "CE")
np.testing.assert_allclose(ratio(random)[:2], [1.30, 0.95], atol=TOLERANCE)
np.testing.assert_allclose(ratio(random)[2], 1.78, atol=TOLERANCE)  # remembered, not read
np.testing.assert_allclose(ratio(random), [1.29828, 0.94828, 1.77746], atol=6e-6)  # metafor
np.testing.assert_allclose(ratio(common), [1.291, 1.008, 1.654], atol=5e-4)  # metafor
assert random.p_value > 0.05 > common.p_value
for r, name in ((random, "random effects (DL)"), (common, "common effect")):
    print(f"{name:20s} ratio of HRs {ratio(r)[0]:.2f} ({ratio(r)[1]:.2f} to {ratio(r)[2]:.2f}), p {r.p_value:.3f}")
# In 20020408 most control patients are said to have crossed over to panitumumab (not read in the source), which dilutes
# any effect on overall survival and so any difference of it by KRAS.
print(random)

# %%
mo.save(mo.plot.forest(pfs), FIGURES / "dahabreh_2011_pfs.png", dpi=200)
mo.save(mo.plot.forest(random), FIGURES / "dahabreh_2011_os.png", dpi=200)
