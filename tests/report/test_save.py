import os
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from PIL import Image

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.report.forest.figure import forest
from metaonc.report.style import COLUMN, MM

HEADS = {
    "pdf": b"%PDF",
    "svg": b"<?xml",
    "png": b"\x89PNG",
    "tif": b"II*\x00",
    "tiff": b"II*\x00",
    "eps": b"%!PS-Adobe-3.0 EPSF",
}


def drawn():
    trials = {"trial": ["A", "B", "C"], "yi": [-0.5, -0.3, 0.1], "vi": [0.04, 0.03, 0.05]}
    return forest(mo.pool(trials, study="trial", measure="HR"), width=COLUMN)


@pytest.mark.parametrize("suffix", HEADS)
@pytest.mark.parametrize("kind", [str, Path])
def test_each_format_is_written_by_its_suffix(tmp_path, suffix, kind):
    path = save_as(drawn(), kind(tmp_path / f"a.b.{suffix.upper()}"))
    assert path == tmp_path / f"a.b.{suffix.upper()}"
    assert path.read_bytes().startswith(HEADS[suffix])


def save_as(thing, path):
    got = mo.save(thing, path, dpi=80)
    assert isinstance(got, Path)
    return got


@pytest.mark.parametrize("suffix", HEADS)
def test_a_second_run_gives_the_same_bytes(tmp_path, suffix):
    one, other = (mo.save(drawn(), tmp_path / f"{i}.{suffix}", dpi=100).read_bytes() for i in (1, 2))
    assert one == other


def test_axes_and_figure_give_the_same_file(tmp_path):
    ax = drawn()
    one, other = mo.save(ax, tmp_path / "ax.svg"), mo.save(ax.figure, tmp_path / "figure.svg")
    assert one.read_bytes() == other.read_bytes()


def test_axes_of_a_subfigure_save_the_whole_figure(tmp_path):
    figure = Figure(figsize=(6, 3))
    part, _ = figure.subfigures(1, 2)
    ax = part.add_subplot()
    assert mo.save(ax, tmp_path / "a.svg").read_bytes() == mo.save(figure, tmp_path / "b.svg").read_bytes()


def test_pixels_are_width_times_resolution(tmp_path):
    path = mo.save(drawn(), tmp_path / "a.png", dpi=300)
    assert int.from_bytes(path.read_bytes()[16:20], "big") == int(COLUMN * MM * 300)


def test_a_tiff_is_rgb_at_the_resolution_asked_for(tmp_path):
    with Image.open(mo.save(drawn(), tmp_path / "a.tif")) as image:
        assert image.mode == "RGB"
        assert image.info["dpi"] == (600, 600)
        assert image.info["compression"] == "tiff_lzw"
        assert image.size[0] == int(COLUMN * MM * 600)


def test_fonts_are_in_the_files(tmp_path):
    pdf = mo.save(drawn(), tmp_path / "a.pdf").read_bytes()
    assert pdf.count(b"/FontFile2") == pdf.count(b"/Type /FontDescriptor") > 0
    eps = mo.save(drawn(), tmp_path / "a.eps").read_bytes()
    assert eps.count(b"/FontType 42 def") == eps.count(b"/sfnts") > 0  # TrueType in PostScript
    assert b"CreationDate" not in eps


def test_text_stays_text_in_vector_files(tmp_path):
    svg = mo.save(drawn(), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">Overall (k\u00a0=\u00a03)</text>" in svg
    assert "sans-serif" in svg  # whatever is installed where it is read, it is no serif
    assert b"/FontFile2" in mo.save(drawn(), tmp_path / "a.pdf").read_bytes()


def test_the_callers_settings_stay_as_they_were(tmp_path):
    before = dict(mpl.rcParams)
    mo.save(drawn(), tmp_path / "a.pdf")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("a.jpg", {}, OptionError, "suffix of path='jpg'.*'pdf', 'svg', 'png', 'eps', 'tif', 'tiff'"),
        ("a", {}, OptionError, "suffix of path=''"),
        ("a.png", {"dpi": 0}, OptionError, "dpi=0 must be a number from 20 to 4800"),
        ("a.png", {"dpi": 3}, OptionError, "dpi=3 must be a number from 20 to 4800"),
        ("a.png", {"dpi": 1e9}, OptionError, "must be a number from 20 to 4800"),
        ("a.png", {"dpi": "x"}, OptionError, "dpi='x' must be a number from 20 to 4800"),
        ("a.png", {"dpi": float("nan")}, OptionError, "dpi=nan must be a number from 20 to 4800"),
        ("none/a.png", {}, DataError, "a.png' cannot be written: No such file"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, name, options, error, message):
    with pytest.raises(error, match=message):
        mo.save(drawn(), tmp_path / name, **options)
    assert os.listdir(tmp_path) == []


def test_what_is_no_figure_is_refused(tmp_path):
    with pytest.raises(DataError, match="not DataFrame: draw it as with plot"):
        mo.save(mo.datasets(), tmp_path / "a.pdf")
    ax = drawn()
    ax.remove()
    with pytest.raises(DataError, match="belong to no figure"):
        mo.save(ax, tmp_path / "a.pdf")
