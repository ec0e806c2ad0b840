"""Curves of a collection: what is listed, chosen, reconstructed, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.collections.collection import _package
from metaonc.data.curves.reconstruction import Reconstruction
from metaonc.errors import DataError, OptionError

CURVES = mo.load("curves").curves
MONTHS_A_DAY = 1 / 30.4375


def test_every_curve_is_listed_with_what_it_is():
    assert len(CURVES) == 13
    row = CURVES.table.set_index("curve_id").loc["gbsg2-post-none"]
    assert row[["trial", "arm", "subgroup_level", "outcome", "unit", "kind", "points"]].tolist() == [
        "GBSG2", "no hormone therapy", "postmenopausal", "dfs", "months", "curve", "corners"]  # fmt: skip
    assert [curve.curve_id for curve in CURVES] == CURVES.table["curve_id"].tolist()
    assert "13 digitised curves, 0 sets of published points, of 3 trials" in str(CURVES)
    assert "<pre>" in CURVES._repr_html_()


def test_one_curve_holds_what_is_printed_beside_it():
    curve = CURVES["ncctg-lung-women"]
    assert (curve.n, curve.events, curve.median, curve.kind) == (90, 53, 14.0, "curve")
    assert curve.at_risk.values.tolist() == [[0, 90], [6, 70], [12, 30], [18, 15], [24, 6], [30, 1]]
    assert len(curve.censor_times) == 36
    assert curve.about["figure_file"] == "figures/lung_sex.svg"
    assert isinstance(curve.reconstruct(), Reconstruction)
    assert CURVES["leukaemia-6mp"].at_risk is None
    assert CURVES["gbsg2-none"].events is None
    with pytest.raises(DataError, match=r"there is no curve 'ncctg-lung-woman'; .*Did you mean 'ncctg-lung-women'"):
        CURVES["ncctg-lung-woman"]


def test_curves_are_chosen_by_their_columns():
    assert CURVES.where(trial="gbsg2", subgroup_level=None).table["curve_id"].tolist() == [
        "gbsg2-hormone", "gbsg2-none"]  # fmt: skip
    part = CURVES.where(subgroup_variable="menopausal status", subgroup_level="premenopausal")
    assert set(part.points["curve_id"]) == {"gbsg2-pre-hormone", "gbsg2-pre-none"}
    with pytest.raises(DataError, match=r"no curve has trial='OPUS'; there is 'NCCTG lung', 'GBSG2'"):
        CURVES.where(trial="OPUS")
    with pytest.raises(OptionError, match=r"column='trials' .*Did you mean 'trial'"):
        CURVES.where(trials="GBSG2")


def test_the_patients_of_all_curves_have_the_columns_of_a_trial():
    patients = CURVES.ipd()
    assert len(patients) == 228 + 226 + 2 * 686 + 42
    assert patients.columns.tolist() == [
        "curve_id", "trial", "arm", "subgroup_variable", "subgroup_level", "outcome", "unit", "time", "event"
    ]  # fmt: skip
    assert len(CURVES.quality()) == 13


def test_a_part_of_a_collection_has_its_curves():
    whole = mo.load("curves")
    sexes = whole.subgroup("sex").curves
    assert sexes.table["curve_id"].tolist() == ["ncctg-lung-men", "ncctg-lung-women"]
    assert set(sexes.points["curve_id"]) == set(sexes.at_risk["curve_id"]) == set(sexes.table["curve_id"])
    assert len(whole.subgroup("menopausal status", "premenopausal").curves) == 2  # with its comparator
    assert len(whole.current().curves) == 13


def test_medians_and_rates_are_published_points_with_their_rows():
    points = mo.load("defactinib").curves
    assert set(points.table["kind"]) == {"published points"}
    curve = points["gerber-all-pfs12w"]
    held = points.points[points.points["curve_id"] == "gerber-all-pfs12w"].set_index("what")
    assert held.loc["rate", ["time", "survival", "row_id"]].tolist() == [2.76, 0.28, "gerber-all-pfs12w"]
    assert held.loc["median", "survival"] == 0.5
    evidence = mo.load("defactinib").evidence.set_index("row_id").loc["gerber-all-pfs"]
    assert evidence["unit"] == "days"
    assert held.loc["median", "time"] == pytest.approx(evidence["estimate"] * MONTHS_A_DAY, rel=1e-12)
    assert curve.about["verification"] == "unverified"
    assert curve.time.tolist() == sorted(curve.time)
    with_limits = points.points.set_index("row_id").loc["a071401-grade1-pfs6"]
    assert with_limits[["survival", "survival_low", "survival_high"]].tolist() == [0.83, 0.52, 0.98]


def test_every_median_and_rate_of_every_collection_is_a_point_once():
    for name in mo.datasets().index:
        collection = mo.load(name)
        evidence = collection.evidence
        timed = evidence["outcome"].isin(["os", "pfs", "dfs", "dor", "os_rate", "pfs_rate", "dfs_rate"])
        wanted = set(evidence.loc[timed & evidence["estimate"].notna(), "row_id"])
        points = collection.curves.points
        printed = points[points["row_id"].notna()]
        assert printed["row_id"].is_unique
        if name == "curves":  # every one of its endpoints was digitised
            assert printed.empty
        else:
            assert set(printed["row_id"]) == wanted
            verified = evidence.set_index("row_id")["verification"]
            assert (printed["verification"] == printed["row_id"].map(verified)).all()
            assert printed["survival"].between(0, 1).all()


def test_published_points_are_never_reconstructed():
    points = mo.load("lgsoc").curves
    with pytest.raises(DataError, match=r"holds 1 published points .*, not a curve that was digitised"):
        points["frame-lgsoc-all-pfs-2025"].reconstruct()
    for verb in ("ipd", "reconstruct", "quality"):
        with pytest.raises(DataError, match="there is no digitised curve here, but 43 sets of published points"):
            getattr(points, verb)()
    with pytest.raises(DataError, match="none at all"):
        mo.load("bcg").curves.ipd()


def test_coordinates_are_read_only_when_asked_for(monkeypatch):
    read = []
    real = mo.data.collections.collection._read

    def noted(resource):
        read.append(resource["path"])
        return real(resource)

    monkeypatch.setattr(mo.data.collections.collection, "_read", noted)
    collection = mo.load("curves")
    assert read == ["curves/arms.csv", "curves/evidence.csv", "curves/sources.csv"]
    assert isinstance(collection.curves.points, pd.DataFrame)
    assert "curves/points.csv" in read
    assert "curves/patients.csv" not in read
    assert any(r["path"] == "curves/patients.csv" for r in _package()["resources"])


def test_a_contradiction_names_the_curve():
    table = CURVES.table.copy()
    table.loc[table["curve_id"] == "gbsg2-none", "n"] = 439
    with pytest.raises(DataError, match=r"curve 'gbsg2-none': at_risk row 0 .*more are at risk than n=439"):
        type(CURVES)(table, CURVES.points, CURVES.at_risk, CURVES.censor_marks).ipd()


def test_the_hazard_ratios_by_status_are_pooled():
    patients = CURVES.where(trial="GBSG2", subgroup_variable="menopausal status").ipd()
    rows = [
        mo.survival.hazard_ratio(group, control="no hormone therapy").row(study=level)
        for level, group in patients.groupby("subgroup_level")
    ]
    pooled = mo.pool(pd.DataFrame(rows), study="study", method="CE", ci="wald")
    evidence = mo.load("curves").subgroup("menopausal status").evidence
    es = mo.effect_sizes(evidence, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="row_id")
    assert pooled.estimate == pytest.approx(mo.pool(es, method="CE").estimate, abs=0.01)  # printed to two decimals
    assert np.exp(pooled.estimate) == pytest.approx(0.674, abs=5e-4)
