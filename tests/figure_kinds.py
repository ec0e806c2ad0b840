"""One of every kind of figure, by the names of its trials or groups; what they show is made once and frozen."""

from functools import cache

import numpy as np
import pandas as pd

import metaonc as mo

NAMES = tuple(f"Trial {letter}" for letter in "ABCDE")


@cache
def trials(names):
    k = len(names)
    counts = {
        "xt": [5, 9, 12, 7, 20, 8, 4][:k],
        "xc": [9, 11, 20, 9, 22, 9, 5][:k],
        "n": [40, 52, 77, 38, 90, 44, 31][:k],
    }
    table = {"trial": list(names), "dose": [1.0, 4.0, 2.0, 6.0, 3.0, 5.0, 7.0][:k], **counts}
    return mo.effect_sizes(table, measure="OR", study="trial", events_t="xt", n_t="n", events_c="xc", n_c="n")


@cache
def pool(names):
    return mo.pool(trials(names), study="trial", method="DL", ci="wald")


@cache
def curves(names, **options):
    rng = np.random.default_rng(8)
    table = {"time": rng.exponential(12, 120), "event": rng.random(120) < 0.7, "arm": np.resize(names[:3], 120)}
    return mo.survival.kaplan_meier(table, by="arm", unit="months", **options)


@cache
def contrast(names):
    rows = pd.concat([trials(names).assign(KRAS=level) for level in ("mutant", "wild type")], ignore_index=True)
    rows["yi"] = rows["yi"] + np.where(rows["KRAS"] == "mutant", 0.3, -0.1)
    return mo.interaction(rows, study="trial", by="KRAS", contrast=("mutant", "wild type"))


def evidence(names):
    k = len(names)
    return pd.DataFrame({
        "row_id": [f"r{i}" for i in range(k)], "trial": list(names),
        "outcome": ["orr", "pfs", "os", "orr", "pfs", "os", "orr"][:k],
        "data_cut": ["2019", "2020-05", "2021-07-01", "2021", "2022-02", "2023", "2024"][:k], "supersedes": [None] * k,
        "nested_in": [None] * k,
    })  # fmt: skip


@cache
def of_pool(verb, names, **options):
    return verb(pool(names), **options)


@cache
def specifications(names):
    return mo.sensitivity.multiverse(pool(names), exclude={"one": 1}, estimators=["DL"], intervals=["HKSJ"])


@cache
def regression(names):
    return mo.regress(trials(names), "~ dose", study="trial", method="DL", ci="wald")


@cache
def posterior(names):
    return mo.pool_bayes(trials(names), study="trial")


def arms(names):
    rng = np.random.default_rng(3)
    time = rng.weibull(1.2, 240) * 9 + 0.01
    return pd.DataFrame({"trial": np.repeat(list("ABCD"), 60), "arm": [names[0], " and ".join(names[1:])] * 120,
                         "time": np.minimum(time, 14), "event": time < 14})  # fmt: skip


FIGURES = {
    "forest": lambda names=NAMES, **o: mo.plot.forest(pool(names), **o),
    "km": lambda names=NAMES, **o: mo.plot.km(curves(names), **{"direct_labels": True, **o}),
    "funnel": lambda names=NAMES, **o: mo.plot.funnel(pool(names), **{"contours": (0.1, 0.05), "labels": "all", **o}),
    "radial": lambda names=NAMES, **o: mo.plot.radial(pool(names), **{"labels": "all", **o}),
    "baujat": lambda names=NAMES, **o: mo.plot.baujat(pool(names), **{"labels": "all", **o}),
    "gosh": lambda names=NAMES, **o: mo.plot.gosh(of_pool(mo.sensitivity.gosh, names), **{"effect": names[0], **o}),
    "influence": lambda names=NAMES, **o: mo.plot.influence(
        of_pool(mo.sensitivity.influence, names), **{"labels": "all", **o}
    ),
    "copas": lambda names=NAMES, **o: mo.plot.copas(
        of_pool(mo.bias.copas, names, points=4), **{"effect": names[0], **o}
    ),
    "doi": lambda names=NAMES, **o: mo.plot.doi(pool(names), **{"labels": "all", **o}),
    "specification": lambda names=NAMES, **o: mo.plot.specification(specifications(names), **o),
    "tipping_point": lambda names=NAMES, **o: mo.plot.tipping_point(
        of_pool(mo.sensitivity.tipping_point, names), **{"effect": names[0], **o}
    ),
    "labbe": lambda names=NAMES, **o: mo.plot.labbe(pool(names), **{"labels": "all", **o}),
    "bubble": lambda names=NAMES, **o: mo.plot.bubble(regression(names), **{"labels": "all", **o}),
    "drapery": lambda names=NAMES, **o: mo.plot.drapery(pool(names), **{"effect": names[0], **o}),
    "posterior": lambda names=NAMES, **o: mo.plot.posterior(posterior(names), **{"effect": names[0], **o}),
    "orchard": lambda names=NAMES, **o: mo.plot.orchard(pool(names), **{"effect": names[0], **o}),
    "interaction": lambda names=NAMES, **o: mo.plot.interaction(contrast(names), **o),
    "rmst": lambda names=NAMES, **o: mo.plot.rmst(
        mo.survival.pool_rmst(arms(names), control=" and ".join(names[1:]), horizons=[5, 10]), **o
    ),
    "hr_over_time": lambda names=NAMES, **o: mo.plot.hr_over_time(
        mo.survival.pool_time_varying(arms(names), control=" and ".join(names[1:]), unit="months"), **o
    ),
    "prisma": lambda names=NAMES, **o: mo.plot.prisma(
        {"database_results": dict.fromkeys(names, 20), "new_studies": 3}, **o
    ),
    "timeline": lambda names=NAMES, **o: mo.plot.timeline(evidence(names), **o),
}
