"""Figures of pixels of known patients, read back; and figures that must be refused."""

from __future__ import annotations

import csv
import io
import tracemalloc
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from curve_renders import (
    EASY,
    LOOKS,
    PIXEL_LOOKS,
    curve,
    in_order,
    patients,
    reading_error,
    render,
    root_mean_square,
    ticks_of,
)
from PIL import Image

import metaonc as mo
from metaonc.data.digitize.options import apart
from metaonc.errors import DataError, DataWarning, OptionError

IMAGES = {"png": (120, None), "fine png": (250, None), "jpeg": (180, 75), "poor jpeg": (150, 60)}
GATES = {"plain": (0.004, 0.010), "hard": (0.006, 0.012)}  # median and 90th percentile of the RMSE of S
REFUSED_PART = 0.1  # of the figures may be refused: poor JPEGs, and several grey lines that meet
WORST = 0.035  # of any arm: two lines close to each other under crosses in a poor JPEG
LOG_HR = 0.025  # 90th percentile of its error, end to end
TOO_THIN = {("thin", "jpeg"), ("thin", "poor jpeg")}  # told apart by no colour: refused
FIGURES = Path(__file__).parents[1] / "figures"
ROWS = np.arange(0, 43, 6)
BYTES = 200_000_000  # far above what refusing takes, far below what such files can ask for


def read(path, look, **options):
    """Digitise with the scales said, quietly."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.digitize(path, **({**ticks_of(look), "kind": "event" if look.event else None} | options))


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    """RMSE of every arm of the matrix, by style and image."""
    folder, found = tmp_path_factory.mktemp("raster"), {}
    for i, (name, look) in enumerate(PIXEL_LOOKS.items()):
        for k, (image, (dpi, quality)) in enumerate(IMAGES.items()):
            arms = (i + k) % 4 + 1
            if (name, image) in TOO_THIN:
                continue
            data = patients(arms, 500 + 10 * i + k)
            path = folder / "figure.png"
            render(data, look, path, dpi, quality)
            try:
                curves = in_order(read(path, look, n_curves=arms).curves, data, look)
            except DataError:
                found[name, image] = None
                continue
            found[name, image] = [reading_error(c, arm, look.bottom)[0] for c, arm in zip(curves, data, strict=True)]
    return found


@pytest.mark.parametrize("group", GATES)
@pytest.mark.slow
def test_curves_are_read_back_within_the_gates(errors, group):
    chosen = [e for (name, _), e in errors.items() if (name in EASY) == (group == "plain")]
    assert chosen.count(None) <= REFUSED_PART * len(chosen)
    of = [e for arms in chosen if arms for e in arms]
    assert np.median(of) <= GATES[group][0]
    assert np.quantile(of, 0.9) <= GATES[group][1]
    assert max(of) <= WORST


@pytest.mark.slow
def test_hazard_ratios_end_to_end(tmp_path):
    errors = []
    for seed in range(12):
        image = list(IMAGES.values())[seed % 4]
        look, data = PIXEL_LOOKS[("bars", "plain", "hard")[seed % 3]], patients(2, 300 + seed)
        render(data, look, tmp_path / "figure.png", *image)
        curves = in_order(read(tmp_path / "figure.png", look, n_curves=2).curves, data, look)
        back = []
        for arm, (got, (times, _)) in enumerate(zip(curves, data, strict=True)):
            table = {"time": ROWS, "n_risk": [int((times >= row).sum()) for row in ROWS]}
            ipd = mo.curves.reconstruct_ipd(got.time, got.survival, points=got.points, at_risk=table).ipd
            back.append(ipd.assign(arm=arm))
        true = pd.concat(pd.DataFrame({"time": t, "event": e, "arm": i}) for i, (t, e) in enumerate(data))
        ratios = [np.log(mo.survival.hazard_ratio(ipd, control=0).hr) for ipd in (pd.concat(back), true)]
        errors.append(abs(ratios[0] - ratios[1]))
    assert np.quantile(errors, 0.9) <= LOG_HR


@pytest.fixture
def figure(tmp_path):
    """A figure of two arms at 150 dots an inch."""
    path, data = tmp_path / "figure.png", patients(2, 7)
    render(data, LOOKS["bars"], path)
    return path, data


def test_what_was_not_read_is_said(figure):
    with pytest.warns(DataWarning, match=r"scales rest on x_ticks=\(0.0, 42.0\).*give n_curves="):
        found = mo.curves.digitize(figure[0], **ticks_of(LOOKS["bars"]))
    assert [c.points for c in found.curves] == ["pixels", "pixels"]
    assert found.at_risk.empty
    for got in found.curves:
        assert (np.diff(got.survival) <= 0).all()
        assert (np.diff(got.time) > 0).all()


def test_marks_are_counted_up_to_those_that_touch(figure):
    found = read(figure[0], LOOKS["bars"], n_curves=2)
    for got, (times, event) in zip(in_order(found.curves, figure[1], LOOKS["bars"]), figure[1], strict=True):
        true = np.unique(times[event == 0])
        assert 0.3 * len(true) <= len(got.censor_times) <= len(true)
        assert np.quantile(np.abs(got.censor_times[:, None] - true).min(axis=1), 0.9) < 0.3


@pytest.mark.parametrize("style", ["dashed colours", "grey"])
def test_no_marks_are_seen_on_dashes_that_have_none(tmp_path, style):
    counts = []
    for seed in range(900, 903):
        render(patients(2, seed), PIXEL_LOOKS[style], tmp_path / "figure.png", 200)
        curves = read(tmp_path / "figure.png", PIXEL_LOOKS[style], n_curves=2).curves
        counts += [len(got.censor_times) for got in curves]
    assert np.mean(counts) <= 1


def test_a_colour_that_is_given_is_read_alone(figure):
    found = read(figure[0], LOOKS["bars"], colours=["#ff7f0e"])
    assert len(found.curves) == 1
    assert reading_error(found.curves[0], figure[1][1])[0] < 0.01


@pytest.mark.parametrize("last", ["event", "censored"])
@pytest.mark.parametrize("dpi", [100, 300])
def test_a_curve_that_ends_with_a_drop_ends_there(tmp_path, last, dpi):
    times, event = patients(1, 4, size=60)[0]
    event[np.argmax(times)] = last == "event"
    render([(times, event)], LOOKS["bars"], tmp_path / "figure.png", dpi)
    (got,) = read(tmp_path / "figure.png", LOOKS["bars"]).curves
    t, _, _, s = curve(times, event)
    assert got.survival[-1] == pytest.approx(s[-1], abs=0.01)
    assert got.time[-1] == pytest.approx(t[-1], abs=0.3)
    before = s[-2] if last == "event" else s[-1]
    assert got.survival[np.searchsorted(got.time, t[-1] - 0.4)] == pytest.approx(before, abs=0.02)


def test_a_line_that_begins_under_another_begins_at_survival_1(tmp_path):
    data = [(times + 3.0, event) for times, event in patients(2, 11)]  # alike until 3 months
    data = [(np.minimum(times, 42.0), event) for times, event in data]
    render(data, LOOKS["plain"], tmp_path / "figure.png")
    found = read(tmp_path / "figure.png", LOOKS["plain"], n_curves=2)
    for got, arm in zip(in_order(found.curves, data, LOOKS["plain"]), data, strict=True):
        assert got.survival[got.time < 2.7].min() > 0.99
        assert reading_error(got, arm)[0] < 0.01


def test_what_is_masked_is_not_read(figure, tmp_path):
    path, data = figure
    with Image.open(path) as image:
        drawn = image.convert("RGB")
    for k in range(12):  # a line of the first arm's colour across the panel, as an inset may have it
        drawn.paste((31, 119, 180), (120 + 8 * k, 440 + 5 * k, 129 + 8 * k, 444 + 5 * k))
    drawn.save(tmp_path / "inset.png")
    mask = (118, 438, 220, 502)
    found = read(tmp_path / "inset.png", LOOKS["bars"], n_curves=2, masks=[mask])
    for got, arm in zip(in_order(found.curves, data, LOOKS["bars"]), data, strict=True):
        assert reading_error(got, arm)[0] < 0.012
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        again = mo.curves.replay(found.to_project(tmp_path / "project.json"))
    pd.testing.assert_frame_equal(found.tidy(), again.tidy())


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_seeds_tell_lines_of_one_colour_apart(tmp_path, seed):
    data = patients(2, seed)
    render(data, LOOKS["grey"], tmp_path / "figure.png", 200)
    seeds = []
    for arm in data:
        t, _, _, s = curve(*arm)
        at = np.array([2.0, 6, 10, 14, 18])
        seeds.append(list(zip(at, s[np.searchsorted(t, at, side="right") - 1], strict=True)))
    found = read(tmp_path / "figure.png", LOOKS["grey"], seeds=seeds)
    for got, arm in zip(found.curves, data, strict=True):
        assert reading_error(got, arm)[0] < 0.02


def test_seeds_where_nothing_is_drawn(figure):
    with pytest.raises(DataError, match="no line of one colour goes through each of seeds="):
        read(figure[0], LOOKS["bars"], seeds=[[(40.0, 0.99)]])


@pytest.mark.parametrize("seeds", [[[]], [(3, 0.5)], [[(3, 50)]], "all"])
def test_seeds_that_are_none(figure, seeds):
    with pytest.raises(OptionError, match="is not, for each curve, a list of points"):
        read(figure[0], LOOKS["bars"], seeds=seeds)


@pytest.mark.parametrize("masks", [[(0, 0, 5)], [(5, 0, 5, 9)], "all", [(0, 0, float("nan"), 3)]])
def test_masks_that_are_none(figure, masks):
    with pytest.raises(OptionError, match="is not a list of boxes"):
        read(figure[0], LOOKS["bars"], masks=masks)


def test_a_mask_outside_of_the_picture(figure):
    with pytest.raises(DataError, match="lies outside of it"):
        read(figure[0], LOOKS["bars"], masks=[(5000, 0, 5100, 9)])


REFUSED = {
    "no scales": ({"x_ticks": None, "ocr": False}, "outermost labelled ticks"),
    "wrong survival ticks": ({"y_ticks": (0.2, 0.8)}, "no curve|lies above"),
    "too many curves": ({"n_curves": 3}, "n_curves=3 was asked for"),
    "no such colour": ({"colours": ["#9400d3"]}, "no curve of colour #9400d3"),
    "a panel": ({"panel": 2}, "the box around one"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused(figure, case):
    options, message = REFUSED[case]
    with pytest.raises(DataError, match=message):
        read(figure[0], LOOKS["bars"], **options)


def one_arm(path, change):
    t, _, _, s = curve(*patients(1, 4)[0])
    fig, ax = plt.subplots()
    ax.plot(np.append(0.2, t), np.append(1, s), drawstyle="steps-post")
    ax.set(xlim=(0, 44), ylim=(0, 1.02))
    change(ax)
    fig.savefig(path, dpi=100)
    plt.close(fig)


WRONG = {
    "logarithmic time": lambda ax: ax.set(xscale="log", xlim=(0.1, 50)),
    "uneven ticks": lambda ax: ax.set_xticks([0, 7, 13, 24, 42]),
    "starts elsewhere": lambda ax: ax.set_ylim(0, 1.3),
    "ends of unlike ticks": lambda ax: ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_scale_never_passes(tmp_path, case):
    one_arm(tmp_path / "figure.png", WRONG[case])
    with pytest.raises(DataError, match=r"no one would print|evenly spaced|no curve|survival 1 lies"):
        read(tmp_path / "figure.png", LOOKS["plain"])


def test_labels_at_some_of_the_steps_are_those_of_an_even_scale(tmp_path):
    one_arm(tmp_path / "figure.png", lambda ax: ax.set(xticks=[0, 6, 12, 24, 42], yticks=[0, 0.25, 0.5, 0.75, 1]))
    (got,) = read(tmp_path / "figure.png", LOOKS["plain"], n_curves=1).curves
    assert reading_error(got, patients(1, 4)[0])[0] < 0.004


def in_black(path, data, lines, dpi=200, left=0):
    """Draw each arm with its grey and its dashes."""
    fig, ax = plt.subplots(figsize=(5.5, 4.0))
    for arm, (grey, dashes) in zip(data, lines, strict=True):
        t, _, _, s = curve(*arm)
        ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", color=grey, ls=dashes, lw=1.4)
    ax.set(xlim=(left, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    fig.savefig(path, dpi=dpi)
    plt.close(fig)


@pytest.mark.parametrize("dashes", ["-", "--", ":"])
def test_two_curves_of_one_look_that_cross_are_refused(tmp_path, dashes):
    in_black(tmp_path / "figure.png", patients(2, 21), [("0", dashes), ("0", dashes)])
    with pytest.raises(DataError, match="cannot be told by their dashes: give seeds="):
        read(tmp_path / "figure.png", LOOKS["grey"], n_curves=2)


BLACK = {
    "solid and dashed": [("0", "-"), ("0", "--")],
    "solid and dotted": [("0", "-"), ("0", ":")],
    "black and grey": [("0", "-"), ("0.6", "-")],
    "black and grey dashes": [("0", "-"), ("0.5", "--")],
}


@pytest.mark.parametrize("case", BLACK)
@pytest.mark.slow
def test_black_lines_are_told_apart_by_dashes_and_shade(tmp_path, case):
    refused = 0
    for seed in range(600, 606):  # most of the pairs cross
        data = patients(2, seed)
        in_black(tmp_path / "figure.png", data, BLACK[case])
        try:
            found = read(tmp_path / "figure.png", LOOKS["grey"], n_curves=2)
        except DataError:
            refused += 1
            continue
        for got, arm in zip(in_order(found.curves, data, LOOKS["grey"]), data, strict=True):
            assert reading_error(got, arm)[0] < 0.012
    assert refused <= 1


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.slow
def test_three_and_four_grey_lines_are_read(tmp_path, image):
    """Black and grey, solid, dashed, dotted and both: most cross, and some run together for months."""
    errors, refused = [], 0
    for seed in range(800, 804):
        data = patients(3 + seed % 2, seed)
        render(data, LOOKS["grey"], tmp_path / "figure.png", *IMAGES[image])
        try:
            found = read(tmp_path / "figure.png", LOOKS["grey"], n_curves=len(data))
        except DataError:
            refused += 1
            continue
        curves = in_order(found.curves, data, LOOKS["grey"])
        errors += [reading_error(got, arm)[0] for got, arm in zip(curves, data, strict=True)]
    assert refused <= 1
    assert np.median(errors) <= GATES["hard"][0]
    assert np.quantile(errors, 0.9) <= GATES["hard"][1]


def test_lines_of_which_parts_are_left_over_are_refused(tmp_path):
    in_black(tmp_path / "figure.png", patients(2, 1404), [("0", "--"), ("0", "-.")], 120)
    with pytest.raises(DataError, match=r"2 curves of colour #[0-9a-f]{6} leave parts of lines over"):
        read(tmp_path / "figure.png", LOOKS["grey"], n_curves=2)


@pytest.mark.parametrize("left", [0, -8])
def test_dashes_that_tell_nothing_for_a_while_are_said(tmp_path, left):
    in_black(tmp_path / "figure.png", patients(2, 603), [("0", "--"), ("0", ":")], 300, left)
    with pytest.warns(
        DataWarning,
        match=r"curve 1 shares its colour and is told from others by its dashes, but for \d\S* to .* may have been",
    ):  # from a time that is not negative, wherever the panel begins
        mo.curves.digitize(tmp_path / "figure.png", **ticks_of(LOOKS["grey"]), n_curves=2)


@pytest.mark.parametrize("shade", [0, 1])
def test_one_shade_that_is_given_is_read_alone(tmp_path, shade):
    data = patients(2, 602)
    in_black(tmp_path / "figure.png", data, BLACK["black and grey"])
    (got,) = read(tmp_path / "figure.png", LOOKS["grey"], colours=[["#000000", "#999999"][shade]]).curves
    assert reading_error(got, data[shade])[0] < 0.012


R_FIGURES = {"base.png": (0, 30), "base.jpg": (0, 30)}


@pytest.mark.parametrize("name", R_FIGURES)
def test_figures_drawn_by_r_are_read(name):
    check_against_r(read(FIGURES / name, LOOKS["plain"], x_ticks=R_FIGURES[name], n_curves=2), 0.012)


def check_against_r(found, tolerance):
    """Compare both arms with the estimates of R's survfit."""
    with (FIGURES / "truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for colour, arm in (("#e7b800", "Male"), ("#2e9fdf", "Female")):
        got = min(found.curves, key=lambda c: apart(c.colour, colour))
        t, s = np.array([[float(row["time"]), float(row["survival"])] for row in rows if row["arm"] == arm]).T
        assert root_mean_square(got, t, s, t[-1]) <= tolerance


def test_a_line_that_bands_drawn_over_it_tint_is_read_to_its_end():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = mo.curves.digitize(
            FIGURES / "survminer.png", x_ticks=(0, 36), y_ticks=(0, 1), colours=["#e7b800", "#2e9fdf"]
        )
    check_against_r(found, 0.005)


# Files from anywhere


def converted(path, change, **options):
    out = io.BytesIO()
    with Image.open(path) as image:
        change(image.convert("RGB")).save(out, **({"format": "PNG"} | options))
    return out.getvalue()


SAME = {
    "palette": (lambda im: im.quantize(64), {}),
    "alpha": (lambda im: im.convert("RGBA"), {}),
    "CMYK": (lambda im: im.convert("CMYK"), {"format": "TIFF"}),
    "TIFF": (lambda im: im, {"format": "TIFF", "compression": "tiff_lzw"}),
    "WebP": (lambda im: im, {"format": "WEBP", "quality": 90}),
    "GIF": (lambda im: im.quantize(64), {"format": "GIF"}),
    "turned as cameras note it": (lambda im: im.transpose(Image.Transpose.ROTATE_90), {"exif": True}),
}


@pytest.mark.parametrize("case", SAME)
def test_other_kinds_of_images_are_read_alike(figure, tmp_path, case):
    path, data = figure
    change, options = SAME[case]
    if options.pop("exif", False):
        exif = Image.Exif()
        exif[0x0112] = 6
        options = {"exif": exif}
    (tmp_path / "other").write_bytes(converted(path, change, **options))
    found = read(tmp_path / "other", LOOKS["bars"], n_curves=2)
    for got, arm in zip(in_order(found.curves, data, LOOKS["bars"]), data, strict=True):
        assert reading_error(got, arm)[0] < 0.012


def bomb(form: str = "PNG", side: int = 40_000) -> bytes:
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, format=form)
    return out.getvalue()


def blank(mode: str, size: tuple[int, int], colour, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format=form)
    return out.getvalue()


HOSTILE = {
    "one pixel": (lambda _: blank("RGB", (1, 1), "white"), "too few"),
    "white": (lambda _: blank("RGB", (600, 400), "white"), "no ticks of the x axis were found"),
    "black": (lambda _: blank("L", (600, 400), 0), "cannot be read"),
    "16 bit": (lambda _: blank("I;16", (600, 400), 65535), "no ticks of the x axis were found"),
    "bomb": (lambda _: bomb(), "million pixels"),
    "GIF bomb": (lambda _: bomb("GIF", 7000), "million pixels"),
    "TIFF bomb": (lambda _: bomb("TIFF", 7000), "million pixels"),
    "truncated": (lambda path: path.read_bytes()[:4000], "damaged"),
    "head alone": (lambda _: b"\x89PNG\r\n\x1a\n", "damaged"),
    "truncated JPEG": (lambda path: converted(path, lambda im: im, format="JPEG")[:5000], "damaged"),
    "noise": (lambda _: noise(), "cannot be read"),
}


def noise() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (500, 700, 3), dtype=np.uint8)).save(out, format="PNG")
    return out.getvalue()


@pytest.mark.parametrize("case", HOSTILE)
def test_files_from_anywhere_end_in_one_error_within_bounded_memory(figure, tmp_path, case):
    make, message = HOSTILE[case]
    (tmp_path / "hostile").write_bytes(make(figure[0]))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=message):
            read(tmp_path / "hostile", LOOKS["bars"])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < BYTES
