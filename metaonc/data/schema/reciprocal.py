"""Numbers that are one over a printed number, as a ratio is where arms were exchanged: how exact they are."""

from __future__ import annotations

COMPUTED = 6  # decimals from which a number was computed rather than printed
_PRINTED = 3  # decimals that ratios are printed with, at most
_LEAST = 2  # a printed 0.5 was 0.50


def printed_places(value: float, decimals: int) -> int | None:
    """Return the decimals of the number that a value is one over; None where it is none such.

    >>> printed_places(1 / 0.55, 16), printed_places(1.818182, 6), printed_places(1.82, 2)
    (2, 2, None)
    """
    if decimals < COMPUTED or not value > 0:
        return None
    inverse = 1 / value
    shown = 0.5 * 10.0**-decimals / value**2 + 1e-12 * inverse  # what the last decimal leaves open of the inverse
    for places in range(1, _PRINTED + 1):
        near = round(inverse, places)
        if near > 0 and abs(near - inverse) <= shown:
            return max(places, _LEAST)
    return None


def ends(value: float, places: int) -> tuple[float, float]:
    """Return the range of one over the numbers that print alike with so many decimals."""
    half = 0.5 * 10.0**-places
    return 1 / (1 / value + half), 1 / max(1 / value - half, half)
