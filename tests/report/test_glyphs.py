"""Names in any script: drawn by a font of the machine that has them, or told of in one warning, in every figure."""

import io
import pickle
import warnings

import pytest
from combinations import combined
from figure_kinds import FIGURES
from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager

import metaonc as mo
from metaonc.errors import FigureWarning
from metaonc.report import glyphs, style
from metaonc.report.typeset import family, text_width

CUNEIFORM = ("𒀀𒀁 試験", "𒀀 さくら", "한국 𒀂", "Delta", "Epsilon")
HELD = ("Μελέτη Αθηνών", "Исследование Б", "دراسة القاهرة", "Étude Çelik", "Ωμέγα")
FORMATS = ("pdf", "svg", "eps", "png", "tif")


def recorded(draw):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        drawn = draw()
    return drawn, [w for w in found if "transparency" not in str(w.message)]


@pytest.fixture
def no_font(monkeypatch):
    """No font has anything that the house's lack."""

    def none(characters):
        return [], characters

    monkeypatch.setattr(glyphs, "fallbacks", none)
    monkeypatch.setattr("metaonc.report.typeset.fallbacks", none)


@pytest.fixture
def outlines(monkeypatch):
    """Files hold outlines of letters, quick to write, and not the fonts: what those lack is found out before."""
    for kind in ("pdf", "ps"):
        monkeypatch.setitem(style.RC, f"{kind}.fonttype", 3)


@pytest.fixture(scope="module")
def borrowed(tmp_path_factory):
    """A font file with signs of China, Japan and Korea, whose glyphs are those of letters."""
    source = next(
        f.fname for f in fontManager.ttflist if f.name == "DejaVu Sans" and f.style == "normal" and f.weight == 400
    )
    font = TTFont(source)
    cmap = {ord(c): "A" for c in "試験さくら한국𒀀𒀁𒀂"}
    for table in font["cmap"].tables:
        table.cmap = {code: name for code, name in cmap.items() if table.format == 12 or code < 0x10000}
    for tag in {"kern", "GPOS"} & set(font.keys()):  # two A stand apart: matplotlib 3.10 says so of signs drawn by them
        del font[tag]
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = "Borrowed Letters"
    path = tmp_path_factory.mktemp("fonts") / "borrowed.ttf"
    font.save(path)
    return path


@pytest.fixture
def other_font(borrowed):
    """A font of the machine with those signs."""
    before = list(fontManager.ttflist)
    fontManager.addfont(borrowed)
    yield "Borrowed Letters"
    fontManager.ttflist[:] = before


@combined("kind, suffix", FIGURES, FORMATS)
def test_characters_without_a_glyph_are_told_once(kind, suffix, no_font, outlines, tmp_path):
    ax, found = recorded(lambda: FIGURES[kind](CUNEIFORM))
    (warning,) = found
    assert warning.category is FigureWarning
    assert warning.filename.endswith("figure_kinds.py")  # where the figure was asked for
    for character in "𒀀" if kind in ("copas", "drapery", "posterior", "orchard", "gosh", "tipping_point") else "𒀀さ한":
        assert f"{character} (U+{ord(character):04X})" in str(warning.message)
    _, later = recorded(lambda: mo.save(ax, tmp_path / f"figure.{suffix}", dpi=50))
    assert later == []


@combined("kind, suffix", FIGURES, FORMATS)
def test_a_font_of_the_machine_is_found(kind, suffix, other_font, outlines, tmp_path):
    ax, found = recorded(lambda: FIGURES[kind](CUNEIFORM))
    assert found == []
    _, later = recorded(lambda: mo.save(ax, tmp_path / f"figure.{suffix}", dpi=50))
    assert later == []
    assert suffix != "svg" or other_font in (tmp_path / "figure.svg").read_text("utf-8")


@pytest.mark.parametrize("kind", FIGURES)
def test_greek_cyrillic_and_arabic_need_no_other_font(kind):
    _, found = recorded(lambda: FIGURES[kind](HELD))
    assert found == []


def test_latin_texts_name_no_other_font(other_font):
    assert family("Zürich – trial ≥ 3") == family()
    assert family("試験") == [*family(), other_font]
    assert text_width("試験", 7) == pytest.approx(2 * text_width("試", 7))


def test_labels_that_a_user_writes_later_are_told_when_saved(no_font, tmp_path):
    ax = FIGURES["km"]()
    ax.set_ylabel("生存")
    _, found = recorded(lambda: mo.save(ax, tmp_path / "first.png", dpi=50))
    assert len(found) == 1
    assert "存 (U+5B58), 生 (U+751F)" in str(found[0].message)
    _, found = recorded(lambda: mo.save(ax, tmp_path / "second.png", dpi=50))
    assert found == []


def test_many_characters_are_told_in_short():
    said = glyphs.told({chr(0x4E00 + i) for i in range(40)})
    assert said.count("U+") == glyphs.MOST
    assert "and 28 more" in said


@pytest.mark.parametrize(
    ("characters", "first"), [("試さ", "Noto Sans CJK JP"), ("試한", "Noto Sans CJK KR"), ("試", "Noto Sans CJK SC")]
)
def test_shared_signs_look_as_in_the_script_beside_them(characters, first):
    assert glyphs._preferred(frozenset(characters))[0] == first


def test_nothing_is_left_behind():
    FIGURES["funnel"]()
    assert style._CURRENT == []


def test_a_figure_that_was_told_of_is_drawn_by_others_without_another_word(no_font):
    r = mo.pool({"t": ["Ab", "Ωm 𒀀", "Ef"], "yi": [0.1, 0.3, 0.2], "vi": [0.05, 0.04, 0.06]}, study="t", measure="HR")
    axes, told = recorded(lambda: mo.plot.forest(r))
    assert len(told) == 1
    figure = pickle.loads(pickle.dumps(axes.figure))
    for drawn in (axes.figure, figure):
        _, more = recorded(lambda drawn=drawn: drawn.savefig(io.BytesIO()))
        assert not more
