"""
Survival across trials: medians, a pooled curve, and curves that cross
======================================================================

Three questions that a hazard ratio does not answer. How long does disease stay away in low-grade serous ovarian cancer,
by KRAS status? What would the next centre's curve look like? And what of a treatment whose curve crosses the control's?
Nobody published these pools: each stands beside numbers of R's survival and metafor, pinned with their script in
``tests/reference/across_trials``.
"""

# %%
import json
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines.datasets import load_lung

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
R = json.loads((Path(__file__).parents[1] / "tests" / "reference" / "across_trials.json").read_text("utf-8"))
MONTH = 30.4375


def as_in_r(got, want, rtol=1e-8):
    """Check numbers against R's."""
    np.testing.assert_allclose(got, want, rtol=rtol)


# %%
# Medians by KRAS
# ---------------
# Two trials print the median by KRAS status with its interval: RAMP 201 (avutometinib and defactinib) and the
# binimetinib arm of MILO. MILO's upper limit of KRAS mutant was not reached; the row is kept, its error comes from the
# lower limit alone, and the result says so. Of FRAME, LOGS, GOG-0239 and the others the collection holds no median by
# KRAS, so that this is a pool of those who looked and reported it.
lgsoc = mo.load("lgsoc").evidence.query("outcome == 'pfs' and subgroup_variable == 'KRAS'")
print(lgsoc[["trial", "subgroup_level", "estimate", "ci_low", "ci_high", "not_reached", "verification"]].to_string())
assert lgsoc["row_id"].tolist() == R["medians"]["rows"]
columns = {"study": "trial", "median": "estimate", "ci_low": "ci_low", "ci_high": "ci_high", "unit": "months"}
medians = mo.survival.pool_medians(lgsoc, **columns, reported_level="ci_level", by="subgroup_level")
print(medians)
for level in ("mutant", "wild-type"):
    pool, want = medians.pool.groups[level], R["medians"][level]
    as_in_r([pool.estimate, pool.ci_low, pool.ci_high], [want["b"], want["lb"], want["ub"]])
    as_in_r(pool.q, want["q"])
    print(f"{level}: {np.exp(pool.estimate):.1f} months ({np.exp(pool.ci_low):.1f} to {np.exp(pool.ci_high):.1f})")
assert medians.open_limits == ("MILO",)
assert lgsoc.query("trial == 'RAMP 201'")["verification"].eq("unverified").all()  # not read in the source

# %%
# 18.9 months beside 12.0, each with an interval from five months to years: two trials have one degree of freedom. The
# levels are of the same trials, so the comparison belongs within them, as a ratio of medians. Both trials treated
# all these patients: the ratio is about prognosis under treatment, not about what treatment does by KRAS.
wide = lgsoc.pivot(index="trial", columns="subgroup_level", values=["estimate", "ci_low", "ci_high"])
wide.columns = [f"{what}_{level}" for what, level in wide.columns]
within = mo.survival.pool_medians(
    wide.reset_index(), study="trial", ci="HKSJ-adhoc",
    **{f"{to}_{arm}": f"{what}_{level}" for arm, level in (("t", "mutant"), ("c", "wild-type"))
       for to, what in (("median", "estimate"), ("ci_low", "ci_low"), ("ci_high", "ci_high"))},
)  # fmt: skip
print(within)
ratio = within.overall
as_in_r([ratio.estimate, ratio.ci_low, ratio.ci_high], [R["medians"]["within"][x] for x in ("b", "lb", "ub")])
assert f"{np.exp(ratio.estimate):.2f}" == "1.67"
assert ratio.ci_low < 0 < ratio.ci_high
mo.save(mo.plot.forest(medians, effect="Median PFS, months"), FIGURES / "pfs_medians_by_kras.png", dpi=200)

# %%
# A pooled control arm
# --------------------
# Patients with advanced lung cancer of the NCCTG (Loprinzi 1994), treated in several centres. The nine centres of ten
# patients and more stand for trials: this is how controls of several trials are made one, with a median and a band for
# the next one. Patients of smaller centres, and the one without a centre, are left out here.
lung = load_lung().dropna(subset="inst")
lung = lung[lung.groupby("inst")["inst"].transform("size") >= 10]
lung = lung.assign(time=lung["time"] / MONTH, centre="centre " + lung["inst"].astype(int).astype(str))
assert (lung["centre"].nunique(), len(lung)) == (R["centres"]["trials"], R["centres"]["patients"]) == (9, 176)
times = [3, 6, 9, 12, 15, 18]
patients = {"study": "centre", "time": "time", "event": "status", "unit": "months"}
control = mo.survival.pool_curves(lung, **patients, times=times)
print(control)
shown = ["time", "estimate", "ci_low", "ci_high", "prediction_low", "prediction_high", "k", "n_risk"]
print(control.tidy()[shown].round(3).to_string(index=False))

# %%
# At one time the model is DerSimonian and Laird's of arcsines of roots, which metafor fits. Without heterogeneity the
# curve is a product of weighted means, which is a few lines of R; so is the median on the straight line between two
# times. And curves are worth as much as the patients behind them.
six = mo.survival.pool_curves(lung, **patients, times=[6])
as_in_r(np.arcsin(np.sqrt(six.tidy()["estimate"].iloc[0])), R["centres"]["six"]["b"])
as_in_r(control.tidy()["common"], R["centres"]["common"])
common = mo.survival.pool_curves(lung, **patients, times=times, method="CE")
as_in_r(common.medians["median"].iloc[0], R["centres"]["median"])
curves = {name: mo.survival.kaplan_meier(own, time="time", event="status") for name, own in lung.groupby("centre")}
as_in_r(mo.survival.pool_curves(curves, times=times).tidy()["estimate"], control.tidy()["estimate"], rtol=1e-12)

# %%
# The median is 10.2 months (8.4 to 11.9). Centres differ by no more than chance (I² 0 %), and yet survival at a year,
# 41 % on average, may be from 26 to 56 % in a new centre: the band holds what nine small centres cannot exclude.
found = control.medians.iloc[0]
year = control.tidy().query("time == 12").iloc[0]
assert f"{found['median']:.1f} ({found['ci_low']:.1f} to {found['ci_high']:.1f})" == "10.2 (8.4 to 11.9)"
assert [round(100 * year[x]) for x in ("estimate", "prediction_low", "prediction_high")] == [41, 26, 56]
assert control.i2 == 0
mo.save(mo.plot.pooled_curves(control), FIGURES / "pooled_control.png", dpi=200)

# %%
# Curves that cross
# -----------------
# The packaged figures show no crossing worth the name: of hormone therapy in breast cancer and of 6-MP in leukaemia the
# hazard ratio and the restricted means, at every horizon, are on the same side.
packaged = mo.load("curves").curves
for trial, arm, treated, horizons, unit in (
    ("GBSG2", "no hormone therapy", "hormone therapy", [12, 24, 36, 48, 60], "months"),
    ("6-MP leukaemia", "placebo", "6-MP", [5, 10, 15, 20], "weeks"),
):
    ipd = packaged.where(trial=trial, subgroup_level=None).ipd()
    ratio = mo.survival.hazard_ratio(ipd, control=arm)
    gained = mo.survival.rmst(ipd, control=arm, horizons=horizons, unit=unit).of("difference")["estimate"]
    print(f"{treated}: HR {np.exp(ratio.estimate):.2f}, {gained.iloc[-1]:.1f} {unit} of {horizons[-1]} gained")
    assert ratio.estimate < 0
    assert (gained > 0).all()

# %%
# The Veterans' Administration trial does (lung cancer, R's ``veteran``): the test arm loses early and gains late. Its
# hazard ratio is 1.02, as if nothing happened; by restricted means two weeks are lost within six months, of which half
# are made good within a year, with intervals that hold no difference; the test for proportional hazards has p = 0.06.
veteran = pd.DataFrame(R["crossing"]["data"]).assign(time=lambda d: d["days"] / MONTH)
want = R["crossing"]
cox = mo.survival.hazard_ratio(veteran, control="standard")
hazards = mo.survival.ph_test(veteran, control="standard")
rmst = mo.survival.rmst(veteran, control="standard", horizons=want["horizons"], unit="months")
difference = rmst.of("difference")
as_in_r([cox.estimate, cox.se, hazards.statistic, hazards.p_value],
        [want["log_hr"], want["se"], want["zph"], want["zph_p"]], rtol=1e-6)  # fmt: skip
as_in_r(difference["estimate"], want["difference"])
print(rmst)
assert (difference["estimate"] < 0).all()
assert (difference["ci_high"] > 0).all()
mo.save(mo.plot.rmst(rmst), FIGURES / "rmst_veteran.png", dpi=200)

# %%
# Its four cell types in the place of trials: one has an arm that is followed for 3.4 months. In the others the last
# patient of an arm that ends early died, so that its curve is known to be 0 from there. At six months three are left,
# and an interval of two degrees of freedom says little, which is the honest answer.
pooled = mo.survival.pool_rmst(veteran, control="standard", horizons=want["horizons"], unit="months")
print(pooled)
assert list(pooled.k_at) == want["pooled"]["k"] == [4, 3, 3, 3]
univariate = pooled.tidy().query("model == 'univariate' and type == 'summary'")
for of, name in (("estimate", "b"), ("ci_low", "lb"), ("ci_high", "ub")):
    as_in_r(univariate[of], want["pooled"][name], rtol=1e-6)

# %%
# A hazard ratio that changes with time uses all events: it falls from above 1 to below, and crosses in the fourth
# month; what the slope is worth, its interval says.
varying = mo.survival.pool_time_varying(veteran, control="standard", method="CE", unit="months")
print(varying)
terms = varying.tidy().query("type == 'summary'")
as_in_r(terms["estimate"], want["time_varying"]["b"], rtol=1e-6)
as_in_r(terms["se"] ** 2, np.diag(want["time_varying"]["v"]), rtol=1e-6)
assert 3 < varying.crossing < 4
assert terms["ci_low"].iloc[1] < 0 < terms["ci_high"].iloc[1]
mo.save(mo.plot.hr_over_time(varying), FIGURES / "hr_over_time_veteran.png", dpi=200)
