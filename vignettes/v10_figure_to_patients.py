"""
From a published figure back to its patients, and what is lost on the way
==========================================================================

Two data sets of real patients that come with lifelines, advanced lung cancer by sex and breast cancer by hormone
therapy, are drawn as journals print them, read back from the files, and reconstructed. Hazard ratio, medians and
restricted means stand beside those of the patients themselves. Then the table, the total of events and the resolution
are taken away, one after the other.
"""

# %%
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines.datasets import load_gbsg2, load_lung

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
NEAR = 0.012  # of a log hazard ratio, read from a vector figure

lung = load_lung().assign(time=lambda d: d["time"] / 30.4375, arm=lambda d: d["sex"].map({1: "men", 2: "women"}))
breast = load_gbsg2().assign(time=lambda d: d["time"] / 30.4375, event=lambda d: d["cens"],
                             arm=lambda d: d["horTh"].map({"no": "none", "yes": "hormones"}))  # fmt: skip
TRIALS = {"lung": (lung.rename(columns={"status": "event"}), "men", 24), "breast": (breast, "none", 60)}
STYLES = {
    "extended table": (".pdf", {}),
    "one column, percent": (".svg", {"percent": True, "width": 85.0, "table": ["At risk"]}),
    "events rising": (".pdf", {"direction": "up", "table": ["At risk"]}),
}


def numbers(patients, control, until):
    """Return log hazard ratio, medians and restricted means of patients."""
    km = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    ratio = mo.survival.hazard_ratio(patients, control=control)
    return {
        "log HR": ratio.estimate,
        **{f"median, {g}": m for g, m in zip(km.medians["group"], km.medians["median"], strict=True)},
        **{f"RMST, {g}": m for g, m in zip(km.curves, km.rmst(until)["rmst"], strict=True)},
    }


# %%
# Three styles, two data sets
# ---------------------------
beside = {}
for trial, (data, control, until) in TRIALS.items():
    beside[trial, "patients"] = truth = numbers(data, control, until)
    km = mo.survival.kaplan_meier(data, by="arm", unit="months")
    for style, (suffix, options) in STYLES.items():
        path = mo.save(
            mo.plot.km(km, **options), FIGURES / f"{trial}_{style.replace(', ', '_').replace(' ', '_')}{suffix}"
        )
        figure = mo.curves.digitize(path)
        arms = [
            mo.curves.reconstruct_ipd(
                c.time, c.survival, points=c.points, at_risk=c.at_risk, censor_times=c.censor_times
            ).ipd.assign(arm=c.label)
            for c in figure.curves
        ]
        beside[trial, style] = found = numbers(pd.concat(arms), control, until)
        assert abs(found["log HR"] - truth["log HR"]) < NEAR
        for name, value in truth.items():
            assert np.isnan(value) or abs(found[name] - value) < 0.01 * abs(value) + 0.01, (trial, style, name)
table = pd.DataFrame(beside).T
for trial in TRIALS:
    print(trial, table.loc[trial].dropna(axis=1, how="all").round(3).to_string(), sep="\n", end="\n\n")

# %%
# What is lost when less is printed
# ---------------------------------
# The corners of the staircase with the table leave next to nothing open. Clicks by hand scatter by about 0.2 % of the
# axes; without the table and with the total of events alone, when patients were censored is an assumption.
rng = np.random.default_rng(2026)


def clicks(curve, count=120):
    """Return points along a curve as a hand would set them."""
    at = np.sort(rng.uniform(0, curve.time[-1], count))
    level = curve.survival[np.searchsorted(curve.time, at, side="right") - 1]
    x = np.maximum(at + rng.normal(0, 0.002 * curve.time[-1], count), 0)
    return {"time": x, "survival": np.clip(level + rng.normal(0, 0.002, count), 0, 1), "points": "clicks"}


def corners(curve):
    """Return the corners of a curve."""
    return {"time": np.repeat(curve.time, 2)[1:], "survival": np.repeat(curve.survival, 2)[:-1], "points": "corners"}


def known(curve, every):
    """Return the table of numbers at risk."""
    times = np.arange(0, curve.time[-1], every)
    return {"at_risk": {"time": times, "n_risk": curve.at(times)["n_risk"]}}


SEEN = {
    "corners, table": lambda c: corners(c) | known(c, 6.0),
    "corners, events only": lambda c: corners(c) | {"n": c.n, "events": int(c.n_event.sum())},
    "clicks, table": lambda c: clicks(c) | known(c, 6.0),
    "clicks, half the table": lambda c: clicks(c) | known(c, 12.0),
    "clicks, events only": lambda c: clicks(c) | {"n": c.n, "events": int(c.n_event.sum())},
}
lost = {}
for trial, (data, control, until) in TRIALS.items():
    km = mo.survival.kaplan_meier(data, by="arm", unit="months")
    for name, seen in SEEN.items():
        arms = [mo.curves.reconstruct_ipd(**seen(curve)).ipd.assign(arm=g) for g, curve in km.curves.items()]
        found = numbers(pd.concat(arms), control, until)
        lost[name, trial] = found["log HR"] - beside[trial, "patients"]["log HR"]

# Of an image no number is read: the outermost ticks are said, and the higher of its curves comes first.
PIXELS = {"pixels at 300 dpi, table": 300, "pixels at 100 dpi, table": 100}
for trial, (data, control, until) in TRIALS.items():
    km = mo.survival.kaplan_meier(data, by="arm", unit="months")
    ax = mo.plot.km(km, table=["At risk"])
    ticks = [t for t in ax.get_xticks() if ax.get_xlim()[0] <= t <= ax.get_xlim()[1]]
    higher_first = sorted(km.curves, key=lambda g: -float(km.curves[g].at([until])["survival"].iloc[0]))
    for name, dpi in PIXELS.items():
        path = mo.save(ax, FIGURES / f"{trial}_{dpi}.png", dpi=dpi)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mo.DataWarning)  # that no number was read
            read = mo.curves.digitize(path, x_ticks=(ticks[0], ticks[-1]), y_ticks=(0, 1), n_curves=2)
        arms = [
            mo.curves.reconstruct_ipd(c.time, c.survival, points=c.points, **known(km.curves[g], 6.0)).ipd.assign(arm=g)
            for g, c in zip(higher_first, read.curves, strict=True)
        ]
        lost[name, trial] = numbers(pd.concat(arms), control, until)["log HR"] - beside[trial, "patients"]["log HR"]
errors = pd.Series(lost).unstack().loc[[*SEEN, *PIXELS]]
print("log hazard ratio, reconstructed less true\n", errors.round(4).to_string())
assert errors.loc["corners, table"].abs().max() < NEAR
assert errors.loc[list(PIXELS)].abs().max().max() < 0.025
assert errors.abs().max().max() < 0.1

# %%
# What the figure leaves open
# ---------------------------
# One set of patients hides how much it owes to chance readings and to assumptions about the censoring. An ensemble of
# sets shows it: the range of their hazard ratios is what the figure leaves open, and Rubin's rules add it to the
# sampling error. With n alone, no single set is worth having; the ensemble is still honest, and wide.
SEEN["clicks, n alone"] = lambda c: clicks(c) | {"n": c.n, "accept_unidentified": True}
DRAWS = 40


def ensemble(km, seen):
    """Return plausible sets of the patients of both arms, as one table."""
    sets = {g: mo.curves.reconstruct_ipd(**seen(c)).ensemble(DRAWS, seed=1).frame for g, c in km.curves.items()}
    return pd.concat([frame.assign(arm=g) for g, frame in sets.items()], ignore_index=True)


intervals = {}
for trial, (data, control, _) in TRIALS.items():
    km = mo.survival.kaplan_meier(data, by="arm", unit="months")
    true = mo.survival.hazard_ratio(data, control=control)
    intervals[trial, "patients"] = dict(zip(("low", "high"), true.confidence_interval(), strict=True))
    for name, seen in SEEN.items():
        found = mo.survival.hazard_ratio_of_ensemble(ensemble(km, seen), control=control)
        intervals[trial, name] = {
            "low": found.ci_low,
            "high": found.ci_high,
            "range low": found.range_low,
            "range high": found.range_high,
            "missing": found.combined.missing,
        }
        assert found.ci_low < true.estimate < found.ci_high, (trial, name)
        if name == "clicks, n alone":
            assert found.range_low < true.estimate < found.range_high, trial
        assert found.se > 0.9 * true.se
print("log hazard ratio: 95 % interval, and 5 % to 95 % of the sets\n", pd.DataFrame(intervals).T.round(3).to_string())

# %%
# A row for a table of trials carries the variance of the reconstruction:
# ``mo.survival.hazard_ratio_of_ensemble(arms.ensemble(20, seed=1), control="none").row(study="GBSG2")``.

# %%
# The figure that a manuscript would show: curves marked as reconstructed, with the points that were read.
curves = mo.survival.kaplan_meier(TRIALS["lung"][0], by="arm").curves
read = {group: clicks(curve) for group, curve in curves.items()}
rebuilt = [
    mo.curves.reconstruct_ipd(**read[group], **known(curve, 6.0)).ipd.assign(arm=group)
    for group, curve in curves.items()
]
ax = mo.plot.km(
    mo.survival.kaplan_meier(pd.concat(rebuilt), by="arm", unit="months"),
    reconstructed=True,
    points={group: (seen["time"], seen["survival"]) for group, seen in read.items()},
)
mo.save(ax, FIGURES / "lung_reconstructed.png", dpi=150)
