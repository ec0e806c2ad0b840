"""Risk of bias drawn: beside the trials of forest plots, as a table of lights, and summed up by weight."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_readable
from matplotlib.colors import to_hex
from result_kinds import TABLE, judged, pool

import metaonc as mo
from metaonc.data.risk_of_bias.tools import ROB_TOOLS, judgement_of
from metaonc.errors import DataError, OptionError
from metaonc.report.forest.columns import PREFIX


def discs(ax):
    """Return sign and colour of each disc, line by line."""
    there = [t for t in ax.texts if t.get_bbox_patch() is not None]
    where = {t: t.get_transform().transform(t.get_position()) for t in there}
    there.sort(key=lambda t: (-round(where[t][1]), where[t][0]))
    return [(t.get_text(), to_hex(t.get_bbox_patch().get_facecolor()).upper()) for t in there]


def signs(words):
    return [(judgement_of(w).sign, judgement_of(w).colour) for w in words if w]


def words_of(rob, labels):
    return [w for row in rob.judgements(labels).itertuples(index=False) for w in row]


@pytest.fixture(scope="module")
def rob():
    return judged(trials="ABCDEFG")


def test_lights_stand_in_the_rows_of_their_trials_however_these_are_ordered(rob):
    content = mo.plot.forest_rows(pool(), sort="-effect", risk_of_bias=rob)
    rows = content.rows[content.rows["kind"] == "study"]
    for column in rob.columns:
        assert rows[f"{PREFIX}{column}"].tolist() == rob.judgements(rows["label"].tolist())[column].tolist()
    assert content.right[-6:] == tuple(f"{PREFIX}{column}" for column in rob.columns)
    assert "Risk of bias not judged: H." in content.footnotes


@pytest.mark.parametrize("journal", ["default", "RevMan5", "Lancet"])
def test_discs_and_their_key_are_drawn(rob, journal):
    ax = mo.plot.forest(pool(), risk_of_bias=rob, journal=journal)
    want = signs(words_of(rob, list("ABCDEFGH")))
    key = signs(["Low", "Some concerns", "High"])
    assert discs(ax) == [*want, *key]
    texts = [t.get_text() for t in ax.texts]
    for name in ROB_TOOLS["RoB 2"].domains.values():
        assert name in texts
    assert_readable(ax.figure)


def test_lights_are_drawn_by_subgroup_and_over_pages(rob):
    groups = mo.pool_subgroups(TABLE, by="line", study="trial", measure="HR")
    ax = mo.plot.forest(groups, risk_of_bias=rob)
    order = [label for part in groups.groups.values() for label in part.studies.labels]
    assert discs(ax)[:-3] == signs(words_of(rob, order))
    assert_readable(ax.figure)
    pages = mo.plot.forest_pages(groups, risk_of_bias=rob, height=110)
    assert len(pages) > 1
    assert sum(len(discs(page)) - 3 for page in pages) == len(signs(words_of(rob, order)))


def test_tables_have_the_words_and_the_domains(rob):
    table = mo.table(pool(), risk_of_bias=rob)
    assert table.headers[-6:] == ("D1", "D2", "D3", "D4", "D5", "Overall")
    assert table.rows[1][-1] == "Some concerns"
    assert any("D1 randomisation process; D2 deviations" in note for note in table.footnotes)


def test_where_lights_have_no_use(rob):
    with pytest.raises(OptionError, match="risk_of_bias= has no use here: the rows of this figure are no trials"):
        mo.plot.forest(mo.sensitivity.leave_one_out(pool()), risk_of_bias=rob)
    with pytest.raises(DataError, match="no trial of this figure has a judgement of risk of bias: its first is 'A'"):
        mo.plot.forest(pool(), risk_of_bias=judged(trials="XYZ"))


def test_the_table_of_lights_shows_what_its_data_say(rob):
    data = mo.plot.risk_of_bias_data(rob, pool())
    assert data["trial"].unique().tolist() == list("ABCDEFGH")
    assert data["judgement"].tolist() == words_of(rob, list("ABCDEFGH"))
    ax = mo.plot.risk_of_bias(rob, pool())
    assert discs(ax) == signs(data["judgement"])
    assert_readable(ax.figure)


def test_bars_are_shares_of_the_weight():
    rob = judged(trials="ABCDEFG")
    data = mo.plot.risk_of_bias_summary_data(rob, pool())
    np.testing.assert_allclose(data.groupby("domain")["share"].sum(), 100)
    weights = pd.Series(pool().weights).groupby([*rob.judgements(list("ABCDEFG"))["overall"], "not judged"]).sum()
    overall = data[data["domain"] == "overall"].set_index("judgement")["share"]
    np.testing.assert_allclose(overall, weights[overall.index] / weights.sum() * 100)
    ax = mo.plot.risk_of_bias_summary(rob, pool())
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches if bar.get_label() != "_key"], data["share"])
    assert_readable(ax.figure)
    assert mo.plot.risk_of_bias_summary_data(rob)["share"].iloc[0] == 100
    with pytest.raises(DataError, match="what read_risk_of_bias returned is wanted, not DataFrame"):
        mo.plot.risk_of_bias_summary(TABLE)
