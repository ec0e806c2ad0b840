"""The log-rank test stands in the words and the R script of Kaplan-Meier curves, as it does in their figure."""

import pytest

import metaonc as mo

ARMS = {
    "time": [3, 5, 7, 2, 4, 6, 1, 2, 3], "event": [1, 0, 1, 1, 1, 1, 1, 1, 1], "arm": list("aaabbbccc"),
    "entry": [0, 1, 2, 0, 1, 1, 0.5, 0, 1],
}  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "said", "script"),
    # R's survival: survdiff has 5.335264 (p 0.0694164); with entry the score test of coxph(ties = "exact") 4.0193096
    # (p 0.1340349): both were run by these scripts
    [(None, "χ² = 5.34 (df 2), p = 0.069", "survdiff(Surv(time, event) ~ group, data = dat)"),
     ("entry", "χ² = 4.02 (df 2), p = 0.13", "pchisq(test, 2, lower.tail = FALSE)")],
)  # fmt: skip
def test_groups_are_compared_in_words_and_script(entry, said, script):
    r = mo.survival.kaplan_meier(ARMS, by="arm", entry=entry)
    assert f"Log-rank test of the 3 groups: {said}." in str(mo.results_text(r))
    assert "Groups were compared by the log-rank test." in str(mo.methods_text(r))
    assert script in str(r.r_code())
    assert "(df 2; P = ." in str(mo.results_text(r, journal="JAMA"))


@pytest.mark.parametrize("table", [{**ARMS, "event": [0] * 9}, {**ARMS, "arm": ["one"] * 9}])
def test_without_groups_or_events_there_is_no_test(table):
    r = mo.survival.kaplan_meier(table, by="arm")
    assert not r.is_compared
    assert "og-rank" not in f"{mo.results_text(r)}{mo.methods_text(r)}"
    assert "survdiff" not in str(r.r_code())


@pytest.mark.parametrize("suffix", ["html", "docx"])
def test_curves_and_their_pairs_are_reported_together(tmp_path, suffix):
    r = mo.survival.kaplan_meier(ARMS, by="arm")
    pairs = mo.survival.pairwise_hazard_ratios(r, reference="c")
    path = mo.write_report([r, pairs.table], tmp_path / f"report.{suffix}")
    named = mo.write_report({"Curves": r, "Pairs": pairs}, tmp_path / f"named.{suffix}")
    assert min(path.stat().st_size, named.stat().st_size) > 1000
    if suffix == "html":
        page = path.read_text()
        assert "Kaplan-Meier estimates" in page
        assert "Result 1" not in page
        assert "Table 2" in page
        assert f"{pairs['hr'][0]:.4g}" in page
        assert "Hazard ratios to c" in named.read_text()


def test_a_list_is_headed_by_the_titles_of_kinds(tmp_path):
    pool = mo.pool({"yi": [0.1, 0.4, 0.2], "vi": [0.05, 0.04, 0.06]}, measure="HR")
    page = mo.write_report([pool, pool], tmp_path / "two.html").read_text()
    assert "Hazard ratio in 3 trials, and pooled (2)" in page
    with pytest.raises(mo.DataError, match="this is of type int"):
        mo.write_report([pool, 3], tmp_path / "not.html")
