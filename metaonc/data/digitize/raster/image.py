"""An image of any kind as red, green and blue on white, within limits of size."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ....base.check import Floats
from ....base.messages.advice import setting
from ....errors import DataError
from ..limits import PIXELS, Source
from ..options import Mask
from ..scale.raster_lines import runs

if TYPE_CHECKING:
    from PIL import Image

Pixels = NDArray[np.uint8]
_ENOUGH = 1600  # pixels of the longer side, in which axes are found
_LARGE_SIDE = 1300  # pixels of the longer side: a larger image is shrunk to as many or more,
_THINNEST = 2.5  # as long as its lines keep this width
_INK = 0.3  # of a pixel of a line
_COLUMNS = 300  # in which the width of lines is measured
_SMALLEST = 60  # pixels of either side: below it no axis can be told from a stain
_LARGE = f"has more than {PIXELS // 1_000_000} million pixels; crop it to the figure, or scale it down."
_ORIENTATION = 0x0112  # of EXIF
_TURNS: Mapping[object, Any] = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # its values -> transpositions of pillow
_PALE = (238, 254)  # nearly, but not, white
_SHADES = 400  # of pale pixels: an image that was once a JPEG has more


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """An image.

    Attributes
    ----------
    rgb
        Height by width by 3, bytes.
    blurred
        Whether its colours are smeared over their neighbours, as a JPEG stores them.
    left, top
        Pixels of the file before its first.
    unit
        Side of the square of the file's pixels of which each is the mean.
    """

    rgb: Pixels
    blurred: bool
    left: int = 0
    top: int = 0
    unit: int = 1

    @property
    def corner(self) -> tuple[float, float]:
        """Column and row of the file in which the middle of its first pixel lies."""
        half = (self.unit - 1) / 2
        return self.left + half, self.top + half

    def reduced(self) -> tuple[Raster, int]:
        """Return it by the means of squares of pixels, no larger than axes take to be found, and the squares' side."""
        unit = -(-max(self.rgb.shape) // _ENOUGH)
        return (self, 1) if unit == 1 else (Raster(shrunk(self.rgb, unit), self.blurred), unit)

    def within(self, box: Mask) -> Raster:
        """Return the part in a box of pixels.

        Raises
        ------
        DataError
            When it holds less than any figure takes.
        """
        high, wide = self.rgb.shape[:2]
        left, top, right, bottom = (round(v / self.unit) for v in box)
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, wide), min(bottom, high)
        if min(right - left, bottom - top) * self.unit < _SMALLEST:
            raise DataError(
                f"{setting('panel', box)} leaves {max(right - left, 0) * self.unit} by "
                f"{max(bottom - top, 0) * self.unit} of the {wide * self.unit} by {high * self.unit} pixels, too few "
                "to read a curve from."
            )
        part = self.rgb[top:bottom, left:right]
        return replace(self, rgb=part, left=left * self.unit, top=top * self.unit)

    @property
    def darkness(self) -> Floats:
        """How dark each pixel is, 0 to 1, where it is grey; less where it has a colour."""
        light, dark = most(self.rgb).astype(np.float32), least(self.rgb).astype(np.float32)
        return np.asarray(np.maximum(255.0 - light - (light - dark) / 2, 0.0) / np.float32(255.0))

    @property
    def ink(self) -> Floats:
        """How far each pixel is from white, 0 to 1, in any colour."""
        return np.asarray(1.0 - least(self.rgb) / np.float32(255.0))


def least(rgb: np.ndarray) -> np.ndarray:
    """Return the least of each pixel's red, green and blue; numpy is slow along an axis of three."""
    return np.asarray(np.minimum(np.minimum(rgb[..., 0], rgb[..., 1]), rgb[..., 2]))


def most(rgb: np.ndarray) -> np.ndarray:
    """Return the most of each pixel's red, green and blue."""
    return np.asarray(np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2]))


def resized(rgb: np.ndarray, shape: tuple[int, int]) -> Pixels:
    """Return an image of another size (rows, columns), by Lanczos' kernel."""
    from PIL import Image

    flat = Image.fromarray(np.round(rgb).astype(np.uint8))
    return np.asarray(flat.resize((shape[1], shape[0]), Image.Resampling.LANCZOS))


def shrunk(rgb: Pixels, unit: int) -> Pixels:
    """Return an image by the means of squares of pixels; what is left over at its right and lower edge is cut off."""
    from PIL import Image

    return _reduced(Image.fromarray(rgb), unit)


def line_width(rgb: np.ndarray) -> float:
    """Return the width of most level lines, in pixels: that of the runs down the columns that take most of its ink."""
    columns = (1.0 - least(rgb[:, :: max(rgb.shape[1] // _COLUMNS, 1)]) / 255.0).T
    total: dict[int, float] = {}
    for column in columns:
        starts, ends = runs(np.asarray(column > _INK))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            around = column[max(start - 1, 0) : end + 1]
            width = max(round(2.0 * float(around.sum() / around.max())), 1)
            total[width] = total.get(width, 0.0) + 1.0
    return max(total, key=lambda w: total[w]) / 2.0 if total else 1.0


def load(source: Source, masks: Sequence[Mask] = ()) -> Raster:
    """Return the image of a file, the first of several; what is masked has the colour around it.

    Raises
    ------
    DataError
        When it is damaged, too small or too large.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd tags, and of sizes that are checked here
            with Image.open(io.BytesIO(source.data)) as image:
                if image.width * image.height > PIXELS:
                    raise source.problem(_LARGE)
                if min(image.size) < _SMALLEST:
                    raise source.problem(f"is {image.width} by {image.height} pixels, too few to read a curve from.")
                upright = _upright(image)
                deep = upright.mode.startswith("I") or upright.mode == "F"
                clear = "A" in upright.getbands() or "transparency" in upright.info
                mode = "RGBA" if clear else "RGB"
                flat = _eight_bits(upright) if deep else upright if upright.mode == mode else upright.convert(mode)
                flat.load()
    except DataError:
        raise
    except Image.DecompressionBombError:
        raise source.problem(_LARGE) from None
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError):
        raise source.problem("is damaged, or no image that can be read; save it anew as PNG.") from None
    if flat.mode == "RGBA" and flat.getchannel("A").getextrema() == (255, 255):
        flat = flat.convert("RGB")
    elif flat.mode == "RGBA":
        flat = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat).convert("RGB")
    if masks:
        rgb = np.array(flat)
        for mask in masks:
            _hide(source, rgb, mask)
        flat = Image.fromarray(rgb)
    blurred = source.data.startswith(b"\xff\xd8\xff") or _shades(flat) > _SHADES
    unit = _unit(flat)
    return Raster(np.asarray(flat), blurred) if unit == 1 else Raster(_reduced(flat, unit), blurred, unit=unit)


def _unit(image: Image.Image) -> int:
    """Return the side of the squares of pixels by whose means a large image is read: 1 where it is read as it is."""
    if max(image.size) <= _ENOUGH:
        return 1
    columns = _sampled(image, (max(image.width // _COLUMNS, 1), 1))
    return max(min(max(image.size) // _LARGE_SIDE, int(line_width(columns) / _THINNEST)), 1)


def _sampled(image: Image.Image, every: tuple[int, int]) -> Pixels:
    """Return one of so many columns and rows of an image, as it is; it is never an array as a whole."""
    wide, high = (side // step for side, step in zip(image.size, every, strict=True))
    box = (0, 0, wide * every[0], high * every[1])
    return np.asarray(image.resize((wide, high), 0, box=box))  # 0: the nearest pixel, in every version of pillow


def _reduced(image: Image.Image, unit: int) -> Pixels:
    wide, high = (side // unit * unit for side in image.size)
    return np.asarray(image.reduce(unit, (0, 0, wide, high)))


def _upright(image: Image.Image) -> Image.Image:
    """Return an image turned as its EXIF says, of which nothing else is read; one that is damaged says nothing."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION))
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _hide(source: Source, rgb: Pixels, mask: Mask) -> None:
    """Fill a box with the colour that its border has most."""
    high, wide = rgb.shape[:2]
    left, top, right, bottom = (round(x) for x in mask)
    if left >= wide or top >= high or right <= 0 or bottom <= 0:
        raise source.problem(f"has {wide} by {high} pixels: the mask {mask} lies outside of it.")
    rows, columns = slice(max(top, 0), bottom), slice(max(left, 0), right)
    box = rgb[rows, columns]
    border = np.concatenate([box[0], box[-1], box[:, 0], box[:, -1]])
    rgb[rows, columns] = np.median(border, axis=0)


def _shades(image: Image.Image) -> int:
    """Return how many pale colours an image has, a large one in as many pixels as axes take to be found."""
    unit = -(-max(image.size) // _ENOUGH)
    rgb = np.asarray(image) if unit == 1 else _sampled(image, (unit, unit))
    darkest = least(rgb)
    pale = rgb[(darkest >= _PALE[0]) & (darkest <= _PALE[1])].astype(np.int64)
    return len(np.unique(pale @ np.array([65536, 256, 1])))


def _eight_bits(image: Image.Image) -> Image.Image:
    from PIL import Image

    values = np.asarray(image, dtype=float)
    span = 65535.0 if values.max() > 255 else 255.0
    return Image.fromarray(np.clip(255.0 * values / span, 0, 255).astype(np.uint8)).convert("RGB")
