"""The data themselves: files, arithmetic against what was published, and transcription."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from refresh_datapackage import described
from scipy.special import betaincinv, ndtr, ndtri

from metaonc.data.schema.tables import TABLES, validate

ROOT = Path(__file__).parents[3]
DATA = ROOT / "datasets"
SHARED = ROOT.parent / "shared" / "facts"
OVARIAN = ("lgsoc", "defactinib")
COLLECTIONS = (*OVARIAN, "egfr_crc", "egfr_v_bev", "g12c")


def raw(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def tables(name: str) -> dict[str, pd.DataFrame]:
    return {path.stem: raw(path) for path in sorted((DATA / name).glob("*.csv"))}


def rows(*names: str) -> pd.DataFrame:
    whole = pd.concat([tables(name)["evidence"] for name in names]).fillna("")
    return whole.drop_duplicates("row_id").set_index("row_id")


ROWS, OVARIAN_ROWS = rows(*COLLECTIONS), rows(*OVARIAN)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_table_keeps_to_the_schema(name):
    typed: dict[str, pd.DataFrame] = {}
    for table, frame in tables(name).items():
        typed[table] = validate(frame, table)
    for table, frame in tables(name).items():
        assert list(frame.columns) == [c for c in TABLES[table].names() if c in frame]  # the order of the schema
        validate(frame, table, others=typed)


def test_the_package_describes_the_files():
    package = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    assert package == described(package)
    assert {r["path"].split("/")[0] for r in package["resources"]} == {c["name"] for c in package["collections"]}
    assert package["licenses"]


def test_no_address_and_no_working_label_is_in_the_data():
    for path in DATA.rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8", errors="replace")  # figures are bytes
            assert not re.search("recalled|search-verified|DERIVED|SUPERSEDED|CONFLICT", text), path
            assert path.suffix != ".csv" or not re.search(r"https?:|www\.", text), path


def test_what_two_collections_share_is_the_same_in_both():
    for table, key in (("arms", "arm_id"), ("evidence", "row_id"), ("sources", "source_id")):
        one, two = (tables(name)[table].set_index(key) for name in OVARIAN)
        both = one.index.intersection(two.index)
        assert len(both)
        shared = [c for c in one if c in two]
        assert one.loc[both].drop(columns=shared).eq("").all(axis=None)  # columns of rows that one of them has alone
        pd.testing.assert_frame_equal(one.loc[both, shared], two.loc[both, shared])


@pytest.mark.parametrize("name", COLLECTIONS)
def test_identifiers_look_like_identifiers(name):
    t = tables(name)
    assert t["sources"]["pmid"].str.fullmatch(r"(\d{7,8})?").all()
    assert t["sources"]["doi"].str.fullmatch(r"(10\.\d{4,}/\S+)?").all()
    cited = t["sources"][["pmid", "doi"]].ne("").any(axis=1)
    assert (t["sources"]["identifiers_verified"].ne("") == cited).all()
    assert t["arms"]["registry_id"].str.fullmatch(r"(NCT\d{8}|ACTRN\d{14}|ISRCTN\d{8})?").all()


def test_a_wheel_holds_the_tracked_files(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    listed = subprocess.run(["git", "ls-files", "datasets"], cwd=ROOT, capture_output=True, text=True, check=True)
    tracked = {name.replace("datasets/", "metaonc/_datasets/", 1) for name in listed.stdout.split()}
    wheel = pytest.importorskip("hatchling.builders.wheel")
    built = next(wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with zipfile.ZipFile(built) as archive:
        assert {n for n in archive.namelist() if n.startswith("metaonc/_datasets/")} == tracked


def test_an_installed_package_holds_the_same_files():
    installed = files("metaonc") / "_datasets"
    if not installed.is_dir() or not DATA.is_dir():
        pytest.skip("the package is used from its checkout")
    there = Path(str(installed))
    names = {p.relative_to(there) for p in there.rglob("*") if p.is_file()}
    assert names == {p.relative_to(DATA) for p in DATA.rglob("*") if p.is_file()}
    assert all((there / n).read_bytes() == (DATA / n).read_bytes() for n in names)


# ---------------------------------------------------------------- arithmetic


def clopper_pearson(x: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = betaincinv(x, n - x + 1, tail) if x else 0.0
    high = betaincinv(x + 1, n - x, 1 - tail) if x < n else 1.0
    return 100 * low, 100 * high


def wilson(x: float, n: float, level: float) -> tuple[float, float]:
    z = ndtri(0.5 + level / 2)
    centre, half = (x + z**2 / 2) / (n + z**2), z * np.sqrt(x * (n - x) / n + z**2 / 4) / (n + z**2)
    return 100 * (centre - half), 100 * (centre + half)


def prints_as(value: float, printed: str) -> bool:
    return abs(value - float(printed)) <= 0.5 * 10 ** -len(printed.partition(".")[2]) + 1e-9


PROPORTIONS = ROWS[ROWS["outcome"].isin(["orr", "dcr", "pfs_rate"]) & ROWS["events"].ne("") & ROWS["n"].ne("")]
WITH_INTERVAL = PROPORTIONS[PROPORTIONS["ci_low"].ne("")]
NOT_EXACT = {"paragon-all-dcr3", "ncimatch-all-orr", "d1553-nsclc-orr"}


@pytest.mark.parametrize("row_id", sorted(set(WITH_INTERVAL.index) - NOT_EXACT))
def test_the_exact_interval_of_the_counts_is_the_published_one(row_id):
    row = ROWS.loc[row_id]
    low, high = clopper_pearson(float(row["events"]), float(row["n"]), float(row["ci_level"]))
    assert prints_as(low, row["ci_low"])
    assert prints_as(high, row["ci_high"])


def test_the_intervals_checked_are_those_expected():
    arms = {
        "ramp201-combo",
        "ramp201-mono",
        "frame-lgsoc",
        "gog3026-ribociclib",
        "onapristone-lgsoc",
        "pimasertib-placebo",
    }
    arms |= {"pimasertib-sar245409", "a071401-gsk2256098", "paragon-anastrozole", "ncimatch-defactinib"}
    ours = WITH_INTERVAL[WITH_INTERVAL.index.isin(OVARIAN_ROWS.index)]
    assert set(ours["arm_id"]) == arms
    assert len(ours) == 15
    assert len(WITH_INTERVAL) == 15 + 12 + 9  # of the second reading, whose counts were not printed


def test_the_intervals_that_are_not_exact_are_what_their_notes_say():
    paragon, match = ROWS.loc["paragon-all-dcr3"], ROWS.loc["ncimatch-all-orr"]
    low, high = wilson(23, 36, 0.95)
    assert prints_as(low, paragon["ci_low"])
    assert prints_as(high, paragon["ci_high"])
    assert np.floor(100 * clopper_pearson(1, 31, 0.9)[0]) / 100 == float(match["ci_low"])
    assert prints_as(clopper_pearson(1, 30, 0.9)[1], match["ci_high"])
    # 61 of 123 gives 40 to 59 where 41 is printed: the count, which was not read, or the method is another
    assert ROWS.loc["d1553-nsclc-orr", "verification"] == "unverified"
    assert [round(x) for x in clopper_pearson(61, 123, 0.95)] == [40, 59]


@pytest.mark.parametrize("row_id", PROPORTIONS.index)
def test_every_percentage_is_its_counts(row_id):
    row = ROWS.loc[row_id]
    assert not row["estimate"] or prints_as(100 * float(row["events"]) / float(row["n"]), row["estimate"])


@pytest.mark.parametrize(("n", "low", "high"), [(109, 23, 41)])
def test_a_derived_count_is_the_only_one(n, low, high):
    fit = [
        x
        for x in range(n + 1)
        if all(map(prints_as, (100 * x / n, *clopper_pearson(x, n, 0.95)), ("31", str(low), str(high))))
    ]
    assert fit == [34]


def test_the_parts_of_part_a_are_the_only_ones():
    fit = [
        (m, k)
        for k in range(1, 29)
        for m in range(min(k, 13) + 1)
        if prints_as(100 * m / k, "60") and prints_as(100 * (13 - m) / (29 - k), "29")
    ]
    assert fit == [(9, 15)]


def test_the_split_by_platinum_is_the_only_one():
    fit = [m for m in range(5) if prints_as(100 * m / 61, "4.9") and prints_as(100 * (4 - m) / 47, "2.1")]
    assert fit == [3]


def test_the_wild_type_row_is_the_whole_less_the_mutant():
    whole, mutant, wild = (
        ROWS.loc[f"ramp201-combo-{k}-orr-2024", ["events", "n"]].astype(int) for k in ("all", "kras-mut", "kras-wt")
    )
    assert (whole - mutant).tolist() == wild.tolist()
    assert OVARIAN_ROWS["verification"].eq("reproduced").sum() == 1


def test_logs_counts_give_the_published_odds_ratio():
    a, b = (int(ROWS.loc[f"logs-{arm}-all-orr-2019", "events"]) for arm in ("trametinib", "soc"))
    log_or = np.log(a / (130 - a) / (b / (130 - b)))
    half = ndtri(0.975) * np.sqrt(1 / a + 1 / (130 - a) + 1 / b + 1 / (130 - b))
    for value, printed in zip(np.exp([log_or, log_or - half, log_or + half]), ("5.4", "2.39", "12.21"), strict=True):
        assert prints_as(value, printed)


@pytest.mark.parametrize("row_id", ROWS.index[ROWS["hr_low"].ne("")])
def test_hazard_ratios_are_the_middle_of_their_interval(row_id):
    hr, low, high = ROWS.loc[row_id, ["hr", "hr_low", "hr_high"]]
    unit = 0.5 * 10 ** -len(low.partition(".")[2])
    least, most = (np.sqrt((float(low) + d) * (float(high) + d)) for d in (-unit, unit))
    assert least - unit <= float(hr) <= most + unit


def test_the_one_sided_p_of_milo_follows_from_its_hazard_ratio():
    row = ROWS.loc["milo-binimetinib-all-pfs-bicr-2016"]
    se = np.log(float(row["hr_high"]) / float(row["hr_low"])) / (2 * ndtri(0.975))
    assert row["p_sided"] == "1"
    assert abs(ndtr(np.log(float(row["hr"])) / se) - float(row["p_value"])) < 0.01  # HR printed with two decimals


def test_the_corrections_do_their_sums():
    notes = tables("defactinib")["corrections"].set_index(["guide_row", "field"])["why"]
    assert "29.6 %" in notes["guide-01", "n"]
    assert prints_as(100 * 34 / 115, "29.6")
    assert "27.3 %" in notes["guide-10", "n"]
    assert [n for n in range(1, 60) if prints_as(1500 / n, "28")] == [53, 54]
    assert "51.6-97.9" in notes["guide-05", "estimate"]
    assert all(map(prints_as, clopper_pearson(10, 12, 0.95), ("51.6", "97.9")))


# ---------------------------------------------------------------- transcription


FIGURES = ["outcome", "n", "events", "estimate", "ci_low", "ci_high", "ci_level", "unit", "hr", "hr_low", "hr_high"]


def figures(frame: pd.DataFrame) -> Counter:
    def plain(text: str) -> str:
        return f"{float(text):g}" if re.fullmatch(r"[\d.]+", text) else text

    rows = (
        tuple(plain(v) for v in row) for row in frame[[*FIGURES, "registry_id", "standing"]].itertuples(index=False)
    )
    return Counter(rows)


def test_the_figures_are_those_collected():
    if not SHARED.is_dir():
        pytest.skip("the collected facts are not here")
    facts = raw(SHARED / "lgsoc_facts.csv").rename(columns={"events_or_responders": "events", "nct": "registry_id"})
    facts = facts[facts["verification"].ne("recalled-low") & ~facts["trial"].str.contains("Guo")]
    facts = facts.assign(standing=np.where(facts["verification"] == "search-verified", "read", "unverified"))
    arms = pd.concat([tables(name)["arms"] for name in OVARIAN]).drop_duplicates("arm_id").set_index("arm_id")
    registry = OVARIAN_ROWS["arm_id"].map(arms["registry_id"])
    ours = OVARIAN_ROWS.assign(registry_id=registry, standing=OVARIAN_ROWS["verification"])
    ours["ci_high"] = ours["ci_high"].mask(ours["not_reached"].eq("ci_high"), "NE")
    ours["hr_level"] = ""
    facts.loc[facts["hr_low"].ne("") & facts["ci_low"].eq(""), "ci_level"] = ""  # it is the level of the HR there
    collected, entered = figures(facts), figures(ours)
    changed = {row[:4] for row in (collected - entered) + (entered - collected)}
    # Changed on purpose: RAMP 201 wild-type is reproduced; regimens of MD Anderson 2012 instead of patients; a
    # hazard ratio without a median has no unit; one partial response of Gerber 2020 is no percentage.
    first = {("orr", "52", "9", "17"), ("pfs", "64", "", "7.4"), ("pfs", "", "", "7.4"), ("pfs", "", "", "")}
    # The second reading: rows that it added, rows of which all was then read, limits that it filled in.
    added = {("orr", "", "", ""), ("dor", "8", "", "10.5"), ("os", "52", "", ""), ("dcr", "130", "111", "85.4"),
             ("dcr", "", "", "34"), ("orr", "11", "6", "55")}  # fmt: skip
    lifted = {("os", "130", "", "37.6"), ("os", "130", "", "29.2"), ("pfs_rate", "52", "33", "63")}
    filled = {("pfs", "", "", "17.7"), ("pfs", "", "", "10.8")}
    assert changed == first | added | lifted | filled


def test_the_guide_is_as_printed():
    if not SHARED.is_dir():
        pytest.skip("the guide is not here")
    printed = re.sub(r"\s+", " ", (SHARED / "seed_defactinib_guide.txt").read_text("utf-8")).replace("- ", "-")
    for _, row in tables("defactinib")["guide"].iterrows():
        assert row["registry_id"] in printed
        assert row["population"] in printed
        assert row["combination"] in printed
        assert row["cancer"] in printed
        if row["estimate"]:
            assert re.search(rf"{re.escape(row['estimate'])} ?{row['unit']}", printed)
