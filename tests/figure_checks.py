"""What every figure must keep to: no text upon another, none cut off at the edge, none too small to read."""

from itertools import combinations

from matplotlib.text import Text


def visible_texts(figure):
    """Return the texts that are drawn, as (text, box in pixels), after drawing the figure."""
    figure.canvas.draw()
    hidden = {id(label) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for label in _undrawn_labels(axis)}
    hidden |= {id(t) for ax in figure.axes if not ax.get_visible() for t in ax.findobj(Text)}
    shown = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and id(t) not in hidden]
    return [(t, t.get_window_extent()) for t in shown]


def _undrawn_labels(axis):
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
        if not axis.get_visible() or not low - slack <= tick.get_loc() <= high + slack:
            yield from (tick.label1, tick.label2)


def overlaps(figure, *, slack=0.5):
    """Return the pairs of texts whose boxes overlap by more than `slack` pixels both ways."""
    pairs = combinations(visible_texts(figure), 2)
    return [(a.get_text(), b.get_text()) for (a, one), (b, other) in pairs if _common(one, other) > slack]


def _common(one, other):
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    up = min(one.y1, other.y1) - max(one.y0, other.y0)
    return min(across, up)


def clipped(figure, *, slack=0.5):
    """Return the texts that reach beyond the edge of the figure by more than `slack` pixels."""
    page = figure.bbox
    return [
        text.get_text()
        for text, box in visible_texts(figure)
        if min(box.x0 - page.x0, box.y0 - page.y0, page.x1 - box.x1, page.y1 - box.y1) < -slack
    ]


def too_small(figure, *, points=6.0):
    """Return the texts in smaller type than `points`."""
    return [text.get_text() for text, _ in visible_texts(figure) if text.get_fontsize() < points]
