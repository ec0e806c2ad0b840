"""An image of any kind as red, green and blue on white, within limits of size."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import setting
from ....errors import DataError
from ..limits import PIXELS, Source
from ..options import Mask

if TYPE_CHECKING:
    from PIL import Image

_ENOUGH = 1600  # pixels of the longer side, in which axes are found
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
        Height by width by 3, 0 to 255.
    blurred
        Whether its colours are smeared over their neighbours, as a JPEG stores them.
    left, top
        Pixels of the file before its first.
    """

    rgb: Floats
    blurred: bool
    left: int = 0
    top: int = 0

    def reduced(self) -> tuple[Raster, int]:
        """Return it by the means of squares of pixels, no larger than axes take to be found, and the squares' side."""
        unit = -(-max(self.rgb.shape) // _ENOUGH)
        if unit == 1:
            return self, 1
        high, wide = (side // unit for side in self.rgb.shape[:2])
        squares = self.rgb[: high * unit, : wide * unit].reshape(high, unit, wide, unit, 3)
        return Raster(np.asarray(squares.mean(axis=(1, 3))), self.blurred), unit

    def within(self, box: Mask) -> Raster:
        """Return the part in a box of pixels.

        Raises
        ------
        DataError
            When it holds less than any figure takes.
        """
        high, wide = self.rgb.shape[:2]
        left, top, right, bottom = (round(v) for v in box)
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, wide), min(bottom, high)
        if min(right - left, bottom - top) < _SMALLEST:
            raise DataError(
                f"{setting('panel', box)} leaves {max(right - left, 0)} by {max(bottom - top, 0)} of the "
                f"{wide} by {high} pixels, too few to read a curve from."
            )
        return Raster(self.rgb[top:bottom, left:right], self.blurred, left, top)

    @property
    def darkness(self) -> Floats:
        """How dark each pixel is, 0 to 1, where it is grey; less where it has a colour."""
        light, dark = most(self.rgb), least(self.rgb)
        return np.asarray(np.maximum(255.0 - light - (light - dark) / 2, 0.0) / 255.0)

    @property
    def ink(self) -> Floats:
        """How far each pixel is from white, 0 to 1, in any colour."""
        return np.asarray(1.0 - least(self.rgb) / 255.0)


def least(rgb: Floats) -> Floats:
    """Return the least of each pixel's red, green and blue; numpy is slow along an axis of three."""
    return np.asarray(np.minimum(np.minimum(rgb[..., 0], rgb[..., 1]), rgb[..., 2]))


def most(rgb: Floats) -> Floats:
    """Return the most of each pixel's red, green and blue."""
    return np.asarray(np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2]))


def resized(rgb: Floats, shape: tuple[int, int]) -> Floats:
    """Return an image of another size (rows, columns), by Lanczos' kernel."""
    from PIL import Image

    flat = Image.fromarray(np.round(rgb).astype(np.uint8))
    return np.array(flat.resize((shape[1], shape[0]), Image.Resampling.LANCZOS), dtype=float)


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
                flat = _eight_bits(upright) if deep else upright.convert("RGBA" if clear else "RGB")
    except DataError:
        raise
    except Image.DecompressionBombError:
        raise source.problem(_LARGE) from None
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError):
        raise source.problem("is damaged, or no image that can be read; save it anew as PNG.") from None
    if flat.mode == "RGBA":
        flat = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat).convert("RGB")
    rgb = np.array(flat, dtype=float)
    for mask in masks:
        _hide(source, rgb, mask)
    return Raster(rgb, source.data.startswith(b"\xff\xd8\xff") or _shades(rgb) > _SHADES)


def _upright(image: Image.Image) -> Image.Image:
    """Return an image turned as its EXIF says, of which nothing else is read; one that is damaged says nothing."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION))
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _hide(source: Source, rgb: Floats, mask: Mask) -> None:
    """Fill a box with the colour that its border has most."""
    high, wide = rgb.shape[:2]
    left, top, right, bottom = (round(x) for x in mask)
    if left >= wide or top >= high or right <= 0 or bottom <= 0:
        raise source.problem(f"has {wide} by {high} pixels: the mask {mask} lies outside of it.")
    rows, columns = slice(max(top, 0), bottom), slice(max(left, 0), right)
    box = rgb[rows, columns]
    border = np.concatenate([box[0], box[-1], box[:, 0], box[:, -1]])
    rgb[rows, columns] = np.median(border, axis=0)


def _shades(rgb: Floats) -> int:
    darkest = least(rgb)
    pale = rgb[(darkest >= _PALE[0]) & (darkest <= _PALE[1])].astype(np.int64)
    return len(np.unique(pale @ np.array([65536, 256, 1])))


def _eight_bits(image: Image.Image) -> Image.Image:
    from PIL import Image

    values = np.asarray(image, dtype=float)
    span = 65535.0 if values.max() > 255 else 255.0
    return Image.fromarray(np.clip(255.0 * values / span, 0, 255).astype(np.uint8)).convert("RGB")
