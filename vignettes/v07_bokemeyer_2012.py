"""
Two-stage against individual patients (Bokemeyer 2012)
======================================================

CRYSTAL and OPUS were pooled from their 845 patients with KRAS wild-type tumours: overall survival HR 0.81,
progression-free survival 0.66, response OR 2.16 (Eur J Cancer 2012;48:1466-75, abstract read; no intervals were seen).
What do the two published ratios give, pooled by inverse variance? Assumed: the KRAS series of 2011 of both trials;
their ratios were read but for the odds ratio of CRYSTAL, their intervals were not, and all six rows are marked
unverified.
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
TOLERANCE = 0.01  # printed with two decimals, from unrounded patients
egfr = mo.load("egfr_crc")
ROWS = {
    outcome: [f"{arm}-cetuximab-kras-wt-{outcome}-2011" for arm in ("crystal", "opus")]
    for outcome in ("os", "pfs", "orr")
}
PUBLISHED = {"os": 0.81, "pfs": 0.66, "orr": 2.16}
# metafor's figures from the same rows
METAFOR = {"os": (0.807, 0.691, 0.942), "pfs": (0.665, 0.548, 0.808), "orr": (2.160, 1.635, 2.852)}

# %%
# Odds ratios are pooled as printed; the odds ratio of the counts of CRYSTAL is another, 2.04 for 2.07.
pools = {}
for outcome, rows in ROWS.items():
    evidence = egfr.evidence.set_index("row_id").loc[rows].reset_index()
    assert evidence[["n", "n_comparator"]].to_numpy().sum() == 845
    assert set(evidence["verification"]) == {"unverified"}
    if outcome == "orr":
        z = 1.959963984540054
        yi = np.log(evidence["odds_ratio"])
        vi = (np.log(evidence["or_high"] / evidence["or_low"]) / (2 * z)) ** 2
        es, measure = evidence.assign(yi=yi, vi=vi), "OR"
    else:
        es = mo.effect_sizes(evidence, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")
        measure = "HR"
    r = pools[outcome] = mo.pool(es, study="trial", measure=measure, method="CE", ci="wald")
    got = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    np.testing.assert_allclose(got[0], PUBLISHED[outcome], atol=TOLERANCE)
    np.testing.assert_allclose(got, METAFOR[outcome], atol=5e-4)
    print(f"{outcome:4s} two-stage {got[0]:.3f} ({got[1]:.3f} to {got[2]:.3f}); patients {PUBLISHED[outcome]}")

# %%
# Two published ratios give what 845 patients gave, here to 0.01. What trials do not report, such as how the effect
# depends on a covariate, takes the patients.
#
# Two trials are too few for random effects: the Hartung-Knapp interval reaches from a quarter to twice the hazard.
two = mo.pool(pools["pfs"].studies.data, study="trial", measure="HR")
print(two)
np.testing.assert_allclose(two.natural(np.array([two.ci_low, two.ci_high])), [0.225, 1.963], atol=5e-4)

# %%
favours = ("Favours cetuximab", "Favours chemotherapy alone")
mo.save(mo.plot.forest(pools["pfs"], effect="Hazard ratio, progression", favours=favours),
        FIGURES / "bokemeyer_2012_pfs.png", dpi=200)  # fmt: skip
