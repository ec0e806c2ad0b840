"""read_risk_of_bias: robvis' names, words of each tool in any form, and what is refused by row and value."""

import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.risk_of_bias.tools import ROB_TOOLS
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

ROWS = {"Study": ["Ash", "Beech", "Cork"], "D1": ["Low", "low", "H"], "D2": ["L", "SC", "High risk of bias"],
        "D3": ["low risk", "Some concerns", "NI"], "D4": ["LOW", "No information", "low"],
        "D5": ["Low", "some", "Low "], "Overall": ["Low", "Some Concerns", "high"], "Weight": [2, 1, 1]}  # fmt: skip


def read(tool="RoB 2", **changes):
    return mo.read_risk_of_bias({**ROWS, **changes}, tool=tool)


def test_words_are_read_in_any_form_and_tools_by_any_spelling():
    rob = read("rob2")
    assert rob.tool == "RoB 2"
    assert rob.table["D2"].tolist() == ["Low", "Some concerns", "High"]
    assert rob.table["D3"].tolist() == ["Low", "Some concerns", "No information"]
    assert rob.table["overall"].tolist() == ["Low", "Some concerns", "High"]
    assert rob.table["weight"].tolist() == [2.0, 1.0, 1.0]
    assert rob.notes == ()


@pytest.mark.parametrize("tool", ROB_TOOLS)
def test_every_word_and_its_forms_are_read_as_itself(tool):
    for one in ROB_TOOLS[tool].judgements:
        for word in (one.word, one.word.upper(), *one.read_as):
            table = {"trial": ["A"], **{code: [word] for code in ROB_TOOLS[tool].domains}}
            assert set(mo.read_risk_of_bias(table, tool=tool).table["D1"]) == {one.word}


@pytest.mark.parametrize("tool", ROB_TOOLS)
def test_signs_of_a_tool_tell_its_judgements_apart(tool):
    signs = [one.sign for one in ROB_TOOLS[tool].judgements]
    assert len(set(signs)) == len(signs)


def test_a_file_and_the_evidence_itself_are_sources(tmp_path):
    pd.DataFrame(ROWS).to_csv(tmp_path / "rob.csv", index=False)
    assert mo.read_risk_of_bias(tmp_path / "rob.csv", tool="RoB 2").table.equals(read().table)
    names = {"Study": "trial", **{f"D{i}": f"rob2_d{i}" for i in range(1, 6)}, "Overall": "rob_overall"}
    evidence = pd.DataFrame(ROWS).rename(columns=names).drop(columns="Weight")
    twice = pd.concat([evidence.assign(outcome="os"), evidence.assign(outcome="pfs")])
    got = mo.read_risk_of_bias(twice, tool="RoB 2")
    assert got.table.equals(read().table.drop(columns="weight"))


def test_words_of_other_tools_are_read_with_a_note_where_robvis_has_them():
    table = {"Study": ["A", "B"], **{f"D{i}": ["Low", "Some concerns"] for i in range(1, 5)}}
    rob = mo.read_risk_of_bias(table, tool="QUADAS-2")
    assert rob.table["D4"].tolist() == ["Low", "Unclear"]
    assert rob.notes == ("'Some concerns' is no word of QUADAS-2; 4 cells with it were read as 'Unclear'.",)
    with pytest.raises(OptionError, match="have no column 'overall', and none is guessed"):
        rob.column("overall")


def test_an_overall_judgement_better_than_a_domain_is_kept_and_said():
    with pytest.warns(DataWarning, match="'Cork': overall 'Low' is better than D1"):
        rob = read(Overall=["Low", "Some concerns", "Low"])
    assert rob.table["overall"].tolist()[2] == "Low"
    assert "'Cork'" in rob.notes[-1]


def test_what_is_blank_is_said():
    rob = read(D2=["Low", None, ""], Overall=["Low", "Some concerns", None])
    assert rob.notes == ("not judged: Beech (D2); Cork (D2, overall).",)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"D2": ["Low", "Bad", "Low"]}, DataError, r"trial 'Beech': D2='Bad' is no judgement of RoB 2 \(row 1"),
        ({"D2": ["Low", "bad", "Low"]}, DataError, "write one of Low, Some concerns, High, No information"),
        ({"D2": ["Low", "?", "Low"]}, DataError, r"D2='\?' is no judgement"),
        ({"D2": ["Low", "Serious", "Low"]}, DataError, "D2='Serious' is no judgement of RoB 2"),
        ({"Study": ["Ash", "Ash", "Cork"]}, DataError, "trial 'Ash' is judged twice: D2='Low' .* and 'Some concerns'"),
        ({"Study": ["Ash", None, "Cork"]}, DataError, "names no trial"),
        ({"Weight": [1, "heavy", 1]}, DataError, "trial 'Beech': Weight='heavy' is no weight"),
        ({"Weight": [1, -1, 1]}, DataError, "Weight='?-1'? is no weight"),
        ({"d2": ["Low"] * 3}, ColumnError, "columns 'D2' and 'd2' would both be 'D2'"),
        ({"Study": None, "name": ["A", "B", "C"]}, ColumnError, "no column of names of trials: say which by study="),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(changes, error, message):
    table = {name: values for name, values in {**ROWS, **changes}.items() if values is not None}
    with pytest.raises(error, match=message):
        mo.read_risk_of_bias(table, tool="RoB 2")


def test_tools_and_columns_that_there_are_not():
    with pytest.raises(OptionError, match="tool='NOS' is not an option; choose from 'RoB 2', 'ROBINS-I', 'QUADAS-2'"):
        read("NOS")
    with pytest.raises(ColumnError, match=r"no column for D6 .measurement of outcomes., D7"):
        read("ROBINS-I")
    renamed = pd.DataFrame(ROWS).rename(columns={"D3": "Missing data"})
    got = mo.read_risk_of_bias(renamed, tool="RoB 2", columns={"Missing data": "D3"})
    assert got.table.equals(read().table)
    with pytest.raises(ColumnError, match="is no domain of RoB 2; choose from D1"):
        mo.read_risk_of_bias(renamed, tool="RoB 2", columns={"Missing data": "missing"})
    with pytest.raises(
        ColumnError, match="column 'D6' is no domain of RoB 2, which has D1, D2, D3, D4, D5: name the tool"
    ):
        read(D6=["Low"] * 3)
    with pytest.raises(ColumnError, match="column 'd1b' is no domain of RoB 2"):
        read(d1b=["Low"] * 3)


def test_trials_are_matched_by_spelling_and_strangers_refused():
    rob = read()
    assert rob.judgements(["Beech", " Ash", "Elm"])["D2"].tolist() == ["Some concerns", "Low", ""]
    assert rob.without(["Elm", "Ash", "Elm"]) == ["Elm"]
    with pytest.raises(DataError, match=r"the result has 'Elm', the judgements have 'Ash'"):
        rob.matched(["Elm"])
    assert "D1: randomisation process" in repr(rob)
    assert "<table" in rob._repr_html_()


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_hold_in_grey_and_signs_are_legible_on_them():
    for tool in ROB_TOOLS.values():
        by_severity = {one.severity: luminance(one.colour) for one in tool.judgements if one.severity >= 0}
        low, between, high = (by_severity[severity] for severity in (0, 1, 2))
        assert min(between / low, low / high, low / by_severity.get(3, high)) > 1.3
        for one in tool.judgements:
            brighter, darker = sorted((luminance(one.colour), luminance(one.ink)), reverse=True)
            assert (brighter + 0.05) / (darker + 0.05) > 4.5  # WCAG 2.1, contrast of text


def test_trials_of_which_nothing_is_judged_are_kept_wherever_they_stand():
    names = ["Ash", "Beech", "Cork", "Dogwood"]
    for empty in range(4):
        words = ["Low" if i != empty else None for i in range(4)]
        rows = {"Study": names, **{f"D{i}": words for i in range(1, 6)}, "Overall": words}
        rob = mo.read_risk_of_bias(rows, tool="RoB 2")
        assert rob.trials == names
        assert any(note.startswith(f"not judged: {names[empty]} (") for note in rob.notes)


def test_in_a_file_too(tmp_path):
    path = tmp_path / "rob.csv"
    path.write_text("Study,D1,D2,D3,D4,D5\nAsh,Low,Low,Low,Low,Low\nBeech,,,,,\nCork,Low,High,Low,Low,Low\n")
    assert mo.read_risk_of_bias(path, tool="RoB 2").trials == ["Ash", "Beech", "Cork"]
