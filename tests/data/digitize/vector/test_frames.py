"""Axes drawn as one line, ticks included: no side of a frame is read as a curve, or as a part of one."""

from __future__ import annotations

import pytest

import metaonc as mo

LEFT, RIGHT, TOP, BOTTOM = 100, 500, 50, 350
SIDES = {  # as R's bty names them: the corners that one line goes through
    "l": ((LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM)),
    "7": ((LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM)),
    "c": ((RIGHT, TOP), (LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM)),
    "u": ((LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM), (RIGHT, TOP)),
    "]": ((LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM)),
    "n": (),
    "o": ((LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM), (LEFT, TOP)),
}
DROPS = [(12.0, 0.7), (30.0, 0.45), (48.0, 0.2)]


def figure(sides, top_of_scale):
    """Two black curves, one dashed, that begin on the y axis where a tick of their look ends."""
    high = (BOTTOM - TOP) / top_of_scale
    look = 'stroke="#000000" stroke-width="0.75" fill="none"'
    parts = [f'<path d="M{" L".join(f"{x} {y}" for x, y in sides)}" {look}/>'] if sides else []
    for k in range(6):
        x, y = LEFT + 80 * k, BOTTOM - k / 5 * high
        parts += [f'<path d="M{x} {BOTTOM} V{BOTTOM + 5}" {look}/>', f'<path d="M{LEFT} {y} H{LEFT - 5}" {look}/>']
        parts += [f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle" font-size="10">{12 * k}</text>']
        parts += [f'<text x="{LEFT - 8}" y="{y + 3.5}" text-anchor="end" font-size="10">{k / 5}</text>']
    parts += [f'<path d="M{LEFT} {BOTTOM - high} V{BOTTOM} M{LEFT} {BOTTOM} H{RIGHT}" {look}/>']
    for share, dash in ((1.0, ""), (0.8, 'stroke-dasharray="4 4"')):
        steps = "".join(f"H{LEFT + t / 60 * 400}V{BOTTOM - s * share * high}" for t, s in DROPS)
        parts += [f'<path d="M{LEFT} {BOTTOM - high}{steps}H{LEFT + 380}" {look} {dash}/>']
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="560" height="400">{"".join(parts)}</svg>'


@pytest.mark.parametrize("top", [1.0, 1.05, 1.2])
@pytest.mark.parametrize("bty", SIDES)
def test_the_curves_and_nothing_else_are_read(bty, top, tmp_path):
    path = tmp_path / "figure.svg"
    path.write_text(figure(SIDES[bty], top))
    curves = mo.curves.digitize(path).curves
    assert len(curves) == 2
    for curve, share in zip(curves, (1.0, 0.8), strict=True):
        assert curve.time[0] == 0.0
        assert curve.time[[1, 3, 5, -1]].tolist() == pytest.approx([12.0, 30.0, 48.0, 57.0], abs=1e-9)
        assert curve.survival[[0, 2, 4, -1]].tolist() == pytest.approx([1.0, *(s * share for _, s in DROPS)], abs=1e-9)
