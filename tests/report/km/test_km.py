import json
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import assert_readable, visible_texts
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

import metaonc as mo
from metaonc.analysis.survival.curve.estimate import kaplan_meier
from metaonc.errors import DataError, OptionError
from metaonc.report.km.compared import km_ratio
from metaonc.report.km.data import km_data, km_key
from metaonc.report.km.figure import km
from metaonc.report.km.risk_table import km_table
from metaonc.report.km.time_ticks import tick_times
from metaonc.report.save import save
from metaonc.report.style import COLUMN, MM, PAGE
from metaonc.report.typeset import family, text_width, wrap

TESTS = Path(__file__).parents[2]
LUNG = pd.DataFrame(json.loads((TESTS / "reference" / "survfit.json").read_text())["cases"]["lung_sex"]["data"])
LUNG = LUNG.assign(months=LUNG["time"] / 30.4375, sex=LUNG["group"].map({1: "Male", 2: "Female"}))
LUNG["sex"] = pd.Categorical(LUNG["sex"], ["Male", "Female"])

LONG = "Carboplatin, paclitaxel and bevacizumab followed by maintenance, "
NAMES = {
    "short": ["A", "B", "C", "D"],
    "long": [LONG + suffix for suffix in ("KRAS mutant", "KRAS wild type", "not tested", "unknown")],
    "unbroken": [f"{letter}-" + "avutometinib/" * 9 for letter in "ABCD"],
    "markup": ["HER2$^+$ 3+", "x_1 & <b>", "5% \\alpha", "$"],
}


def months(by="sex", **options):
    return kaplan_meier(LUNG, time="months", event="status", by=by, unit="months", **options)


def split(names, n=400, scale=20.0, unit="months"):
    rng = np.random.default_rng(7)
    time = rng.exponential(scale, n)
    event = rng.random(n) < 0.7
    return kaplan_meier({"time": time, "event": event, "arm": np.resize(names, n)}, by="arm", unit=unit)


def curves(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def texts(ax):
    return [text.get_text() for text, _ in visible_texts(ax.figure)]


RATIO = mo.survival.hazard_ratio(LUNG, time="months", event="status", arm="sex", control="Male")


def test_landmarks_and_restricted_means_stand_in_the_key():
    key = km_key(months(), landmarks=(12,), rmst=24)
    assert key.columns.tolist()[-2:] == ["At 12 months, % (95% CI)", "RMST to 24 months (95% CI)"]
    # R: summary(survfit(..., conf.type = "log-log"), times = 12) has 0.336 (0.253-0.420) and 0.526 (0.401-0.637)
    assert key.loc["Male"].tolist()[-2:] == ["34 (25 to 42)", "10.2 (9.0 to 11.5)"]
    assert key.loc["Female"].tolist()[-2:] == ["53 (40 to 64)", "14.3 (12.5 to 16.0)"]


def test_the_hazard_ratio_is_printed_with_its_arms_and_test():
    # R: coxph 0.588 (0.424-0.816), survdiff p = 0.0013
    assert km_ratio(RATIO) == "Hazard ratio, Female v Male: 0.59 (95% CI 0.42 to 0.82); log-rank p\u00a0=\u00a00.001"
    assert km_ratio(RATIO) in " ".join(texts(km(months(), hazard_ratio=RATIO)))


def test_curves_may_rise():
    down, up = curves(km(months())), curves(km(months(), direction="up"))
    for group, line in down.items():
        np.testing.assert_allclose(up[group].get_ydata(), 1 - line.get_ydata())
    assert km(months(), direction="up").get_ylabel() == "Event probability"


def test_curves_are_pale_where_few_are_at_risk():
    ax = km(months(), fade_below=20)
    lines = {line.get_label(): line for line in ax.lines}
    table = months()
    for group, curve in table.curves.items():
        solid, pale = lines[group].get_xdata(), lines[f"_{group} pale"].get_xdata()
        first = curve.time[curve.n_risk < 20][0]
        assert solid[-1] == pale[0] == first
        assert pale[-1] == curve.time[-1]
    assert any("Pale: fewer than 20 at risk." in t for t in [" ".join(texts(ax))])


def test_rows_of_the_table_may_be_chosen():
    ax = km(months(), table=["At risk"])
    assert "Censored" not in texts(ax)
    assert "At risk" in texts(ax)
    assert not any("censored or with" in t for t in texts(ax))


@pytest.mark.parametrize("width", [COLUMN, PAGE])
@pytest.mark.parametrize("direction", ["down", "up"])
@pytest.mark.parametrize("names", NAMES)
def test_names_at_the_ends_of_curves_stand_apart(names, direction, width):
    options = {"direct_labels": True, "direction": direction, "width": width}
    if width == COLUMN and names in ("long", "unbroken"):
        with pytest.raises(OptionError, match="too long to stand at the ends"):
            km(split(NAMES[names]), **options)
        return
    for scale in (5.0, 200.0):
        assert_readable(km(split(NAMES[names], scale=scale), **options).figure)


def test_direct_labels_have_the_colour_and_the_height_of_their_curve():
    ax = km(months(), direct_labels=True)
    slot = {t.get_text(): t for t in ax.texts if t.get_color() in ("#0072B2", "#D55E00")}
    assert set(slot) == {"Male", "Female"}
    heights = {group: box.y0 for t, box in visible_texts(ax.figure) for group in slot if t is slot[group]}
    ends = {group: line.get_ydata()[-1] for group, line in curves(ax).items()}
    assert (heights["Male"] > heights["Female"]) == (ends["Male"] > ends["Female"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"direction": "sideways"}, OptionError, "direction"),
        ({"table": "At risk"}, OptionError, "a list of rows"),
        ({"table": ["At ris"]}, OptionError, "row of the table"),
        ({"rmst": 1000}, DataError, "is followed to"),
        ({"landmarks": (6, 12, 18), "width": COLUMN}, OptionError, "too narrow for the columns of the key"),
        ({"landmarks": (-1,)}, DataError, "not negative"),
    ],
)
def test_new_options_are_checked(options, error, message):
    with pytest.raises(error, match=message):
        km(months(), **options)


# --- the data ---------------------------------------------------------------------------------------------------------


def test_table_holds_the_numbers_at_risk_of_survfit():
    # R's survminer prints these for lung at 0, 6, ..., 30 months of 30.4375 days
    table = km_table(months(), [0, 6, 12, 18, 24, 30])
    assert table.loc[("Male", "At risk")].tolist() == [138, 86, 35, 17, 7, 2]
    assert table.loc[("Female", "At risk")].tolist() == [90, 70, 30, 15, 6, 1]


@pytest.mark.parametrize("times", [[0, 3, 5], [5, 0, 3, 3], [0.5, 100]])
def test_table_adds_up_to_the_group_at_every_time(times):
    result = months()
    table = km_table(result, times)
    assert table.columns.tolist() == sorted(set(times))
    for row in result.medians.itertuples():
        assert (table.loc[row.group].sum() == row.n).all()


def test_key_says_events_patients_and_medians_as_survfit_has_them():
    # summary(survfit(Surv(time / 30.4375, status) ~ sex, conf.type = "log-log"))$table: 270 (210 to 306) days, ...
    key = km_data(months(), [0]).key
    assert key.columns.tolist() == ["", "Events/n", "Median (95% CI), months"]
    assert key.loc["Male"].tolist() == ["Male", "112/138", "8.9 (6.9 to 10.1)"]
    assert key.loc["Female"].tolist() == ["Female", "53/90", "14.0 (11.3 to 17.2)"]


@pytest.mark.parametrize(
    ("times", "events", "median"),
    [
        ([1, 2, 3, 4], [0, 0, 0, 0], "NR (NR to NR)"),
        ([1, 2, 3, 4], [1, 1, 0, 1], "3 (1 to NR)"),
        ([1.25, 2.5, 3, 4], [1, 1, 1, 1], "2.75 (1.25 to NR)"),
    ],
)
def test_medians_not_reached_say_so(times, events, median):
    key = km_data(kaplan_meier({"time": times, "event": events}), [0]).key
    assert key.iloc[0].tolist() == ["All patients", f"{sum(events)}/4", median]


def test_a_group_that_is_a_number_is_named_with_its_column():
    key = km_data(months(by="group"), [0]).key
    assert key[""].tolist() == ["group 1", "group 2"]


def test_censored_marks_are_the_censoring_times():
    data = km_data(months(), [0])
    assert data.censored["n_censor"].sum() == (LUNG["status"] == 0).sum()
    assert set(data.censored["time"]) <= set(LUNG.loc[LUNG["status"] == 0, "months"])


@pytest.mark.parametrize(
    ("last", "unit", "most", "step", "ticks"),
    [
        (34, "months", 9, 6, 6),
        (34, "months", 13, 3, 12),
        (34, "months", 5, 12, 3),
        (24, "months", 9, 3, 9),
        (1042, "days", 9, 180, 6),
        (36, "weeks", 10, 4, 10),
        (400, "months", 9, 60, 7),
        (2000, "months", 9, 240, 9),
        (1.0, "months", 9, 0.2, 6),
        (0.7, None, 9, 0.1, 8),
        (35, None, 9, 5, 8),
        (7, "years", 2, 5, 2),
    ],
)
def test_ticks_step_as_clinicians_read_time(last, unit, most, step, ticks):
    np.testing.assert_array_equal(tick_times(last, unit, most), [round(step * i, 9) for i in range(ticks)])


# --- the drawing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ci", ["log-log", "plain"])
def test_drawn_steps_are_the_curves(ci):
    result = months(ci=ci)
    lines = curves(km(result))
    assert list(lines) == ["Male", "Female"]
    for group, line in lines.items():
        np.testing.assert_array_equal(line.get_xdata(), result.curves[group].time)
        np.testing.assert_array_equal(line.get_ydata(), result.curves[group].survival)
        assert line.get_drawstyle() == "steps-post"
        assert line.get_ydata()[-1] > 0  # both end with a censored patient: no fall to 0


def test_bands_hold_every_piece_for_which_there_are_limits():
    result = kaplan_meier({"time": [1, 2, 3, 4], "event": [0, 1, 1, 1]})
    (band,) = km(result).collections[-1:]
    curve = result.curves["all"]
    corners = {(x, y) for path in band.get_paths() for x, y in path.vertices}
    for i in (2, 3):  # 2 to 3 and 3 to 4; none before (S = 1) and none after (S = 0)
        wanted = {(curve.time[j], limit[i]) for j in (i, i + 1) for limit in (curve.ci_low, curve.ci_high)}
        assert wanted <= corners


def test_groups_differ_in_colour_and_in_line():
    lines = list(curves(km(split(NAMES["short"]))).values())
    for i, one in enumerate(lines):
        for other in lines[:i]:
            assert not same_color(one.get_color(), other.get_color())
            assert one._dash_pattern != other._dash_pattern


@pytest.mark.parametrize(("options", "marked"), [({}, 2), ({"censor_marks": False}, 0), ({"reconstructed": True}, 0)])
def test_censoring_is_marked_where_it_was_observed(options, marked):
    ax = km(months(), **options)
    marks = [line for line in ax.lines if line.get_marker() == "|"]
    assert len(marks) == marked
    assert any("Vertical marks: censored" in text for text in texts(ax)) == bool(marked)


def test_reconstructed_curves_say_so_and_take_the_points_read():
    points = ([0.5, 3, 9], [1.0, 0.8, 0.5])
    ax = km(months(), reconstructed=True, points={"Male": points})
    assert "Reconstructed from published curves" in texts(ax)
    (drawn,) = [line for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(drawn.get_xydata().T, points)
    assert any("Circles: points read" in text for text in texts(ax))


@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_table_stands_below_its_ticks(width):
    ax = km(months(), width=width)
    ax.figure.canvas.draw()
    ticks = {label.get_text(): label.get_window_extent() for label in ax.get_xticklabels()}
    centres = {name: (box.x0 + box.x1) / 2 for name, box in ticks.items()}
    counts = [t for t in ax.texts if t.get_ha() == "center"]
    assert len(counts) == 2 * 3 * len(ticks)
    for text in counts:
        box = text.get_window_extent()
        tick = f"{text.get_position()[0]:g}"
        assert abs((box.x0 + box.x1) / 2 - centres[tick]) < 1.5
        assert box.y1 < ticks[tick].y0
    printed = [int(t.get_text()) for t in counts]
    table = km_table(months(), [float(name) for name in ticks])
    assert printed == table.to_numpy().ravel().tolist()


@pytest.mark.parametrize("table", [True, False])
def test_axis_and_table_as_asked(table):
    ax = km(months(), percent=True, table=table, until=24)
    shown = texts(ax)
    assert ax.get_ylabel() == "Survival (%)"
    assert ax.get_xlabel() == "Time (months)"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0", "25", "50", "75", "100"]
    assert ax.get_xlim() == (0, 24)
    assert ("At risk" in shown) == table
    assert "follow-up goes on to 33.58 months" in " ".join(shown)


@combined("kind, groups, width", NAMES, [1, 2, 3, 4], [COLUMN, PAGE])
def test_nothing_overlaps_nor_is_cut(kind, groups, width):
    ax = km(split(NAMES[kind][:groups]), width=width, reconstructed=kind == "long")
    assert ax.figure.get_size_inches()[0] == pytest.approx(width * MM)
    assert_readable(ax.figure)
    assert not any(box.overlaps(ax.bbox) for text, box in visible_texts(ax.figure) if text in ax.texts)


@pytest.mark.parametrize("width", [COLUMN, PAGE])
@pytest.mark.parametrize(
    ("n", "scale", "unit"), [(9000, 400, "days"), (5, 0.3, "years"), (40, 1e5, None), (3, 1, "weeks")]
)
def test_nothing_overlaps_whatever_the_size_and_the_unit(n, scale, unit, width):
    assert_readable(km(split(["A", "B"], n=n, scale=scale, unit=unit), width=width).figure)


def test_follow_up_of_no_length_is_drawn():
    assert_readable(km(kaplan_meier({"time": [0, 0], "event": [1, 0]})).figure)


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_panels_of_a_larger_figure_keep_to_their_place(layout):
    figure = Figure(figsize=(300 * MM, 280 * MM), layout=layout)
    panels = figure.subplots(2, 2)
    places = [ax.get_position().frozen() for ax in panels.flat]
    for ax, place in zip(panels.flat, places, strict=True):
        assert km(months(), ax=ax) is ax
        inside = ax.get_position()
        assert place.x0 < inside.x0 < inside.x1 < place.x1
        assert place.y0 < inside.y0 < inside.y1 < place.y1
    assert_readable(figure)


def test_subfigures_are_drawn_into():
    figure = Figure(figsize=(300 * MM, 120 * MM))
    for part in figure.subfigures(1, 2):
        km(months(), ax=part.add_axes((0, 0, 1, 1)))
    assert_readable(figure)


def test_the_callers_settings_stay_as_they_were():
    before = dict(mpl.rcParams)
    km(months())
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"until": 0}, OptionError, "until=0"),
        ({"points": {"male": ([1], [1])}}, OptionError, "choose from 'Male', 'Female'"),
        ({"points": {"Male": ([1, 2], [1])}}, DataError, r"points\['Male'\]"),
        ({"points": {"Male": ([1], [95])}}, DataError, "within 0 and 1"),
        ({"width": 40}, OptionError, r"too small for the curves.*mm or larger"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        km(months(), **options)


def test_axes_too_low_and_other_results_are_refused():
    with pytest.raises(OptionError, match=r"axes of \d+ x \d+ mm are too small"):
        km(months(), ax=Figure(figsize=(4, 2)).add_subplot())
    with pytest.raises(DataError, match="not DataFrame"):
        km(LUNG)


# --- files ------------------------------------------------------------------------------------------------------------


def test_vector_files_keep_every_step(tmp_path):
    result = split(["A"], n=3000)
    figure = km(result, censor_marks=False).figure
    figure.savefig(tmp_path / "km.svg")  # outside the house style
    longest = max(re.findall(r'<path d="([^"]*)"', (tmp_path / "km.svg").read_text()), key=len)
    steps = len(result.curves["A"].time)
    assert len(re.findall("[ML]", longest)) >= 2 * steps - 1


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_saved_twice_it_is_the_same_file(tmp_path, suffix):
    one, other = (save(km(months(), width=COLUMN), tmp_path / f"{i}.{suffix}", dpi=100) for i in (1, 2))
    assert one.read_bytes() == other.read_bytes()


def test_words_are_wrapped_to_the_width():
    for width in (40.0, 90.0, 500.0):
        lines = wrap(LONG + "x" * 60, width, 7)
        assert "".join(lines).replace(" ", "") == (LONG + "x" * 60).replace(" ", "")
        assert all(text_width(line, 7) <= width for line in lines)


BASELINE_MATPLOTLIB = "3.11"
TOLERANCE = 6  # rms of 0-255: fonts' hinting differs a little between builds; a part that moved gives more than 12


@pytest.mark.skipif(not mpl.__version__.startswith(BASELINE_MATPLOTLIB), reason="glyphs differ between versions")
@pytest.mark.skipif(family()[0] != "Liberation Sans", reason="drawn with another font")
def test_looks_as_it_did(tmp_path):
    drawn = save(km(months(), width=COLUMN), tmp_path / "km_lung.png", dpi=100)
    assert compare_images(str(TESTS / "images" / "km_lung.png"), str(drawn), tol=TOLERANCE) is None
