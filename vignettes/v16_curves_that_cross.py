"""
Curves that cross: one trial, and what each number says of it
==============================================================

The Gastrointestinal Tumor Study Group gave chemotherapy alone, or with radiation, to 90 patients with gastric cancer
that could not be removed (Stablein, Carter and Novak 1981). Curves part early, meet after two years and cross: harm
first, perhaps good later, as immunotherapy beside chemotherapy often shows. Times are in months of 365.25 / 12 days.
Nobody published these analyses together: each number stands beside R's, pinned with the script in
``tests/reference/crossing``, which also holds the patients (data set GTSG of R's coin).
"""

# %%
import json
from pathlib import Path

import numpy as np
import pandas as pd

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
R = json.loads((Path(__file__).parents[1] / "tests" / "reference" / "crossing.json").read_text("utf-8"))
patients = pd.DataFrame(R["data"]).assign(time=lambda d: d["days"] / (365.25 / 12))
arms = {"control": "chemotherapy"}


def as_in_r(got, want, rtol=1e-6):
    """Check numbers against R's."""
    np.testing.assert_allclose(got, want, rtol=rtol)


def printed(r):
    """Return a hazard ratio with its interval."""
    return f"{np.exp(r.estimate):.2f} ({np.exp(r.ci_low):.2f} to {np.exp(r.ci_high):.2f})"


# %%
# The hazard ratio
# ----------------
# 1.30 (0.83 to 2.06), p = 0.26: no difference, says the one number that most abstracts print. The test of proportional
# hazards has p = 0.003: that number is an average over times in which the ratio is above 1 and below it, weighted by
# when events and censoring happened to be, and no property of the treatment.
ratio = mo.survival.hazard_ratio(patients, **arms)
hazards = mo.survival.ph_test(patients, **arms)
print(ratio, hazards, sep="\n\n")
as_in_r([ratio.estimate, ratio.se, ratio.p_value], [R["log_hr"], R["se"], R["p"]])
as_in_r([hazards.statistic, hazards.p_value], [R["zph"], R["zph_p"]])
assert printed(ratio) == "1.30 (0.83 to 2.06)"

km = mo.survival.kaplan_meier(patients, by="arm", unit="months")
as_in_r(km.medians.set_index("group").loc[["chemotherapy and radiation", "chemotherapy"],
                                          ["median", "ci_low", "ci_high"]], R["medians"])  # fmt: skip
mo.save(mo.plot.km(km, width="column", until=48, reference="chemotherapy"), FIGURES / "crossing_km.png", dpi=300)

# %%
# Time that is gained or lost
# ---------------------------
# Restricted means need no such assumption. With radiation 2.5 months are lost in the first year (1.1 to 4.0) and 4.3 in
# the first two (1.0 to 7.6); from there the gap no longer grows, and by four years its interval holds no difference,
# with fewer than one patient in ten left at risk. The horizon decides what is found: it is to be fixed before the
# curves are seen.
rmst = mo.survival.rmst(patients, horizons=R["horizons"], unit="months", **arms)
difference = rmst.of("difference")
as_in_r(difference[["estimate", "se"]].to_numpy().T, R["rmst"])
print(difference[["time", "estimate", "ci_low", "ci_high", "p_value"]].round(3).to_string())
said = [f"{-x:.1f} ({-high:.1f} to {-low:.1f})" for _, x, low, high in difference[
    ["time", "estimate", "ci_low", "ci_high"]].iloc[[1, 2]].itertuples(index=False)]  # fmt: skip
assert said == ["2.5 (1.1 to 4.0)", "4.3 (1.0 to 7.6)"]
assert difference["ci_high"].iloc[-1] > 0
assert "fewer than a tenth" in str(rmst.cautions[0].text)
mo.save(mo.plot.rmst(rmst, width="column"), FIGURES / "crossing_rmst.png", dpi=300)

# %%
# Survival at milestones says the same in shares of patients: 24 of 100 fewer alive at a year (5 to 44), none at three.
at = mo.survival.milestone(patients, times=R["times"], unit="months", **arms).of("difference")
as_in_r(at[["estimate", "se"]].to_numpy().T, R["milestone"])
year, late = (at[at["time"] == t].iloc[0] for t in (12, 36))
assert [round(-100 * year[x]) for x in ("estimate", "ci_high", "ci_low")] == [24, 5, 44]
assert abs(late["estimate"]) < 0.02

# %%
# Tests
# -----
# Weighted tests ask whether hazards differ at some time. Early weights see it (p = 0.03), equal and late ones do not;
# the largest of the four, with its price for having looked four times, has p = 0.06. None says by how much, nor for
# whose good: a test chosen after the curves were seen is no test.
combo = mo.survival.max_combo(patients, **arms)
print(combo)
as_in_r(combo.tests["statistic"], R["weighted"]["z"])
np.testing.assert_allclose(combo.p_value, R["weighted"]["combo"], atol=1e-5)  # R's by random numbers
assert f"{combo.tests['p_value'].iloc[2]:.2f}, {combo.p_value:.2f}" == "0.03, 0.06"

# %%
# A hazard ratio in each part
# ---------------------------
# Up to a year, and of those who lived longer: 2.4 (1.2 to 4.6) and 0.66 (0.33 to 1.32). The second compares those who
# survived the first, who are no longer a random half each: it is no effect of treatment on anybody who was randomised.
early = mo.survival.hazard_ratio(patients.assign(event=patients["event"] * (patients["time"] <= 12),
                                                 time=patients["time"].clip(upper=12)), **arms)  # fmt: skip
later = mo.survival.hazard_ratio(patients[patients["time"] > 12].assign(entry=12.0), entry="entry", **arms)
pieces = R["piecewise"]
as_in_r([early.estimate, later.estimate], pieces["b"])
as_in_r([early.se**2, later.se**2], np.diag(pieces["v"]))
print("to a year, and after:", printed(early), printed(later))
assert [printed(early), printed(later)] == ["2.40 (1.25 to 4.63)", "0.66 (0.33 to 1.32)"]

# %%
# Models, and what they say beyond the follow-up
# ----------------------------------------------
# By Akaike's criterion models of proportional odds lead (log-logistic, or a spline), those of proportional hazards fall
# 3.7 and more behind. None of them lets curves cross. A spline whose effect on the log cumulative hazard changes with
# log time does, in month 44; it is better than the same spline without (by 2.4), and still behind proportional odds. So
# these 90 patients do not tell whether anybody gains late: models that fit about alike where there are patients say
# different things where there are none, which the figures show dashed on grey.
compared = mo.survival.compare_models(patients, unit="months", **arms)
print(compared)
own = compared.table.set_index("distribution")["aic"]
for code, want in R["aic"].items():
    as_in_r(own[code], want)
best = compared.table["model"].head(2)
assert best.str.contains("odds|log-logistic").all()
hazards_proportional = compared.table[compared.table["distribution"].isin(["exp", "gompertz"])]
assert round(hazards_proportional["difference"].min(), 1) == 3.7
mo.save(mo.plot.model_curves(compared, width="page", until=84), FIGURES / "crossing_models.png", dpi=300)

spline = mo.survival.royston_parmar(patients, time_varying=True, unit="months", **arms)
without = mo.survival.royston_parmar(patients, unit="months", **arms)
print(spline)
assert round(without.aic - spline.aic, 1) == 2.4
assert spline.aic > compared.aic + 4
effect = dict(zip(spline.names, spline.estimate, strict=True))
assert round(np.exp(-effect["treatment"] / effect["treatment x log time"])) == 44
gap = spline.survival_at([12, 80]).pivot(index="time", columns="group", values="survival").diff(axis=1).iloc[:, -1]
assert gap.iloc[0] < -0.15  # radiation less chemotherapy, as observed
assert gap.iloc[1] > 0  # extrapolated
mo.save(mo.plot.model_curves(spline, width="column", until=84), FIGURES / "crossing_spline.png", dpi=300)

# %%
# What to print, then? The curves; the difference of restricted means at a horizon fixed beforehand, as what patients
# lose or gain; milestones that clinicians know. A hazard ratio, if at all, with the test that says what it is not.
