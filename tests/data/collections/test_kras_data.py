"""Collections egfr_crc and g12c: against what was collected, and published pools that come out of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo

FACTS = Path(__file__).parents[4] / "shared" / "facts"
SHARED = FACTS / "kras_facts.csv"
READ_AGAIN = {  # a digit more, as the label and the abstract print them
    (0.82, 0.69, 0.97): (0.82, 0.692, 0.972),
    (0.69, 0.61, 0.77): (0.692, 0.617, 0.776),
}
DATASETS = {"egfr_crc": "egfr_kras", "g12c": "g12c"}
RATIO = ["hr", "hr_low", "hr_high"]
MEDIAN = ["estimate", "ci_low", "ci_high"]
PAIRED = {(41.0, 34.0, 47.0), (7.3, 7.1, 7.7)}  # control arms that new rows name in their notes
# Percentages of g12c that were collected with computed decimals, as they are printed
WHOLE = (19, 21, 34, 46, 50)


def facts(name):
    table = pd.read_csv(SHARED)
    return table[table["dataset"].eq(DATASETS[name]) & table["verification"].ne("recalled-low")]


def second(name):
    """Return what a second reading found: new rows, and figures held against a source, a row of evidence each."""
    new = pd.read_csv(FACTS / "new_rows.csv")
    new = new[new["collection"].eq(name) & new["grade"].isin(["A", "A-", "B"])]
    held = pd.read_csv(FACTS / "verified.csv", dtype=str)
    held = held[held["collection"].eq(name) & ~held["where_in_source"].str.contains(r"\[grade [CD]")]
    figures = held[held["column"].isin([*RATIO, *MEDIAN])]
    figures = figures.assign(source_value=pd.to_numeric(figures["source_value"], errors="coerce"))
    keys = ["trial", "arm", "subgroup", "outcome", "data_cut"]
    rows = figures.fillna(dict.fromkeys(keys, "")).pivot(index=keys, columns="column", values="source_value")
    return pd.concat([new, rows.reset_index()]).reindex(columns=[*RATIO, *MEDIAN])


def tuples(frame, columns):
    return {tuple(row) for row in frame[columns].dropna(subset=columns[-2:]).round(4).itertuples(index=False)}


@pytest.mark.parametrize(("name", "counts"), [("egfr_crc", (14, 28, 224)), ("g12c", (12, 28, 84))])
def test_sizes_and_standing(name, counts):
    c = mo.load(name)
    assert (c.trials["trial"].nunique(), len(c.trials), len(c.evidence)) == counts
    assert c.evidence["source_id"].isin(c.sources["source_id"]).all()
    assert c.evidence["verification"].isin(["read", "unverified"]).all()
    assert c.evidence["verification"].eq("read").sum() == {"egfr_crc": 73, "g12c": 48}[name]


@pytest.mark.parametrize(
    ("name", "column", "total"),
    [("egfr_crc", "hr", 77.234), ("egfr_crc", "events", 2936), ("g12c", "hr", 6.53), ("g12c", "events", 1208)],
)
def test_sums_are_those_entered(name, column, total):
    assert mo.load(name).evidence[column].sum() == pytest.approx(total, abs=0.005)


@pytest.mark.parametrize("name", DATASETS)
def test_figures_are_those_collected(name):
    if not SHARED.exists():
        pytest.skip("the collected facts are not here")
    ours, theirs = mo.load(name).evidence, facts(name)
    for columns in (RATIO, MEDIAN):
        known = tuples(theirs, columns) | tuples(second(name), columns) | PAIRED
        known |= set(READ_AGAIN.values()) if columns is RATIO else set()
        assert {row for row in tuples(ours, columns) if row[0] not in WHOLE} <= known
    known = tuples(theirs.rename(columns={"events_or_responders": "events"}), ["outcome", "events", "n"])
    printed = ~ours["derived"].fillna("").str.split().map(lambda names: "events" in names)
    responders = ours[ours["outcome"].eq("orr") & ours["comparator"].notna() & printed]
    assert tuples(responders, ["outcome", "events", "n"]) <= known


@pytest.mark.parametrize("name", DATASETS)
def test_every_collected_hazard_ratio_with_its_interval_is_there(name):
    if not SHARED.exists():
        pytest.skip("the collected facts are not here")
    first = {READ_AGAIN.get(row, row) for row in tuples(facts(name), RATIO)}
    new = {READ_AGAIN.get(row, row) for row in tuples(second(name), RATIO)}
    ours = tuples(mo.load(name).evidence, RATIO)
    assert first <= ours
    assert ours - first <= new


def test_no_pool_can_hold_two_cuts_of_the_same_patients():
    for name in DATASETS:
        current = mo.load(name).current().evidence
        keys = ["arm_id", "subgroup_variable", "subgroup_level", "outcome", "time_months"]
        twice = current[current.duplicated(keys, keep=False)]
        assert twice.empty, twice[["row_id", *keys]]


def rows(ids):
    evidence = mo.load("egfr_crc").evidence.set_index("row_id").loc[ids].reset_index()
    return mo.effect_sizes(evidence, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")


def test_vale_2012_progression_in_first_and_second_line_wild_type():
    """0.83 (0.76 to 0.90), I² 62 %, p of heterogeneity 0.02: Cancer Treat Rev 2012;38:618-25, fixed effect."""
    arms = ["crystal-cetuximab-kras-wt-pfs-2011", "opus-cetuximab-kras-wt-pfs-2011", "coin-cetuximab-kras-wt-pfs",
            "nordic7-cetuximab-kras-wt-pfs", "prime-panitumumab-kras-wt-pfs-2010",
            "20050181-panitumumab-kras-wt-pfs-2010"]  # fmt: skip
    r = mo.pool(rows(arms), study="trial", method="CE", ci="wald")
    np.testing.assert_allclose(np.exp([r.estimate, r.ci_low, r.ci_high]), [0.83, 0.76, 0.90], atol=0.01)
    assert round(r.i2) == 62
    assert r.q_p == pytest.approx(0.02, abs=0.002)
