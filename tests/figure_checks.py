"""What every figure must keep to: no text upon another, none cut off at the edge, none too small to read."""

import numpy as np
from matplotlib.text import Text


def lay_out(figure):
    """Put all texts where drawing the figure would: of axes alone their ticks, labels and titles wait for that."""
    axes = [ax for ax in figure.axes if ax.get_visible()]
    boxes = figure.subfigs or figure.legends or any(ax.get_legend() or ax.child_axes or ax.artists for ax in axes)
    if boxes or not hasattr(figure.canvas, "get_renderer"):
        figure.draw_without_rendering()
        return
    renderer = figure.canvas.get_renderer()
    for ax in axes:
        ax.apply_aspect()
        if ax.axison:
            for axis in (ax.xaxis, ax.yaxis):
                axis.get_tightbbox(renderer)
        ax._update_title_position(renderer)
    figure.stale = False


def visible_texts(figure):
    """Return the texts that are drawn, as (text, box in pixels), after laying the figure out where it is not."""
    if figure.stale:
        lay_out(figure)
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
    return overlaps_of(visible_texts(figure), slack)


def overlaps_of(shown, slack=0.5):
    """Return the same of texts that are laid out."""
    texts, boxes = zip(*shown, strict=True)
    x0, y0, x1, y1 = np.array([box.extents for box in boxes]).T
    across = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    up = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    pairs = np.argwhere(np.triu((across > slack) & (up > slack), k=1))
    return [(texts[i].get_text(), texts[j].get_text()) for i, j in pairs]


def clipped(figure, *, slack=0.5):
    """Return the texts that reach beyond the edge of the figure by more than `slack` pixels."""
    return clipped_of(visible_texts(figure), figure.bbox, slack)


def clipped_of(shown, page, slack=0.5):
    """Return the same of texts that are laid out."""
    return [
        text.get_text()
        for text, box in shown
        if min(box.x0 - page.x0, box.y0 - page.y0, page.x1 - box.x1, page.y1 - box.y1) < -slack
    ]


def too_small(figure, *, points=6.0):
    """Return the texts in smaller type than `points`."""
    return _too_small(visible_texts(figure), points)


def _too_small(shown, points=6.0):
    return [text.get_text() for text, _ in shown if text.get_fontsize() < points]


def assert_readable(figure):
    """Hold a figure to all of it, laid out once."""
    shown = visible_texts(figure)
    assert overlaps_of(shown) == []
    assert clipped_of(shown, figure.bbox) == []
    assert _too_small(shown) == []
