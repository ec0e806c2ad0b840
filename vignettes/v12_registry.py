"""
From records of a registry to a forest plot
===========================================

What ClinicalTrials.gov holds of three trials, read by rules and drawn. The records beside this script, in ``records``,
are cut down to one outcome measure each: NCT02296125 (FLAURA) is as the registry's API gives it; NCT01764022 and
NCT02472964, trastuzumab and its biosimilars in breast cancer, were rebuilt from a text version (github THUMLP/NLI4CT),
in which analyses are missing. The registry's data are public. Nobody published this pool: it shows the way, it is no
finding.
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
RECORDS = Path(__file__).parent / "records"
GLMER = 2e-3  # where R's glmer stops

# %%
# From records to a forest plot in three lines. Responses of NCT02472964 are printed by category; complete and partial
# ones are added up, and the note of the row says so.
registry = mo.read_ctgov(RECORDS)
pooled = mo.pool_glmm(mo.select(registry.evidence, outcome="orr").used, events="events", n="n", study="arm_id")
forest = mo.plot.forest(pooled, effect="ORR")
mo.save(forest, FIGURES / "registry_orr.png", dpi=200)
rate = pooled.natural(np.array([pooled.estimate, pooled.ci_low, pooled.ci_high]))
np.testing.assert_allclose([*rate, pooled.tau2], [0.57486, 0.46820, 0.67497, 0.16347], rtol=GLMER)  # lme4
print(registry)
print(pooled)

# %%
# What stands beside the figures: whose they are, at what level, what was turned or left out. The p value of FLAURA is
# printed as a bound and is kept as one; the order of its groups is no direction, but its medians agree with it.
flaura = registry.evidence.query("registry_id == 'NCT02296125' and hr.notna()").iloc[0]
print(flaura[["arm", "comparator", "estimate", "hr", "hr_low", "hr_high", "hr_level", "p_bound", "note"]].to_string())
assert (flaura["hr"], flaura["hr_low"], flaura["hr_high"], flaura["hr_level"]) == (0.46, 0.37, 0.57, 0.95)
assert flaura["p_bound"] == "<0.0001"

# %%
# What was not read, with its reason: a second analysis of FLAURA is of groups that its measure does not have, a nested
# cohort; on the arms of the measure it would be a second ratio of other patients.
print(registry.unread[["registry_id", "what", "reason"]].to_string(index=False))
assert registry.unread["reason"].str.contains("a nested cohort").tolist() == [True]

# %%
# Titles alone: which outcome a measure is, and where nothing is certain, none.
for title, unit, param in (
    ("Progression Free Survival (PFS) at 6 Months", "percentage of participants", "NUMBER"),
    ("Time to Progression", "months", "MEDIAN"),
    ("Number of Participants With Progression Free Survival", "Participants", "COUNT_OF_PARTICIPANTS"),
):
    print(f"{title:55s} {mo.ctgov_outcome(title, unit, param)}")
