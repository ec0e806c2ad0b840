"""Which fonts of this machine have the characters of a text, beyond those of the house style."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, findfont, findSystemFonts, fontManager, get_font

# Plain faces of text that machines have, by what they hold; any other font that has a character comes after these.
JAPANESE = ("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo",
            "MS Gothic", "IPAexGothic", "IPAGothic", "TakaoPGothic", "VL PGothic")  # fmt: skip
KOREAN = ("Noto Sans CJK KR", "Noto Sans KR", "Source Han Sans KR", "Apple SD Gothic Neo", "Malgun Gothic",
          "NanumGothic", "UnDotum", "Baekmuk Gulim")  # fmt: skip
CHINESE = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Heiti SC",
           "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Sans CJK TC", "Microsoft JhengHei",
           "Droid Sans Fallback")  # fmt: skip
OTHERS = ("Noto Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro", "Segoe UI", "Tahoma", "Arial Unicode MS")
LAST_RESORT = "Last Resort"  # has a picture of a box for every character
MOST = 12  # characters that a message names


@cache
def _characters(path: str) -> frozenset[int]:
    try:
        return frozenset(get_font(path).get_charmap())
    except (OSError, RuntimeError):  # removed since, or damaged
        return frozenset()


def _holds(family: str) -> frozenset[int]:
    """Return the characters of a family; none of one that is not installed."""
    try:
        return _characters(str(findfont(FontProperties(family=family), fallback_to_default=False)))
    except ValueError:
        return frozenset()


def drawn(text: str) -> set[str]:
    """Return the characters of a text that need a glyph: not blanks, controls and joiners."""
    return {c for c in text if unicodedata.category(c)[0] not in "ZC"}


def wanting(text: str, families: Iterable[str]) -> frozenset[str]:
    """Return the characters of a text that no font of these families has."""
    left = drawn(text) if not text.isascii() else set()
    for family in families:
        if not left:
            break
        held = _holds(family)
        left = {c for c in left if ord(c) not in held}
    return frozenset(left)


def fallbacks(characters: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """Return families of this machine that have these characters, and the characters that none has."""
    found, left = _found(characters, len(fontManager.ttflist))
    if left and _list_all():
        found, left = _found(characters, len(fontManager.ttflist))
    return list(found), left


@cache
def _found(characters: frozenset[str], listed: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the same of the fonts that matplotlib knows now, whose number is `listed`."""
    plain = {f.name: f.fname for f in fontManager.ttflist if _is_plain(f) and not f.name.startswith(LAST_RESORT)}
    order = dict.fromkeys([*(name for name in _preferred(characters) if name in plain), *sorted(plain)])
    families, left = [], characters
    for family in order:
        if not left:
            break
        held = _characters(plain[family])
        rest = frozenset(c for c in left if ord(c) not in held)
        if rest != left:
            families.append(family)
        left = rest
    return tuple(families), left


def _is_plain(font: FontEntry) -> bool:
    return (font.style, font.stretch) == ("normal", "normal") and font.weight in (400, "normal", "regular", "book")


def _preferred(characters: frozenset[str]) -> list[str]:
    """Return families to try first: signs that China, Japan and Korea share look as in the script beside them."""
    names = " ".join(unicodedata.name(c, "") for c in characters)
    first = JAPANESE if "HIRAGANA" in names or "KATAKANA" in names else KOREAN if "HANGUL" in names else CHINESE
    return [*first, *CHINESE, *JAPANESE, *KOREAN, *OTHERS]


@cache
def _list_all() -> bool:
    """Let matplotlib know the fonts that came to this machine after it made its list; return whether there are any."""
    known = {font.fname for font in fontManager.ttflist}
    before = len(known)
    for path in sorted(set(findSystemFonts()) - known):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError, ValueError):  # damaged, or of a kind that is not drawn with
            continue
    return len(fontManager.ttflist) > before


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep matplotlib from warning of each character without a glyph: they are told of together."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(?s)Glyph .* missing from", category=UserWarning)
        yield


def quiet(figures: Iterable[Figure]) -> None:
    """Keep matplotlib from warning of such characters when figures that were told of are drawn again, by whomever."""
    for figure in figures:
        figure.draw = partial(_drawn_quietly, figure)  # type: ignore[method-assign]


def _drawn_quietly(figure: Figure, renderer: RendererBase) -> None:
    with unwarned():
        type(figure).draw(figure, renderer)


def told(characters: Iterable[str]) -> str:
    """Return the sentence on characters that no font has."""
    each = sorted(characters)
    named = ", ".join(f"{c} (U+{ord(c):04X})" for c in each[:MOST])
    more = f" and {len(each) - MOST} more" if len(each) > MOST else ""
    return (
        f"no font on this machine has the characters {named}{more}: boxes stand for them. Install a font that has "
        "them, such as Noto Sans of their script, or write these names in letters that the fonts have."
    )
