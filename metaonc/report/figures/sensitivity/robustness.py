"""The figures of a robustness analysis on one page: influence, subsets, choices, funnel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ....analysis.robustness.result import RobustnessResult
from ....errors import DataError
from ...checks import checked
from ...screen import ScreenAxes, new_figure
from ...style import MM, PAGE, drawing, style
from ...typeset import family
from ..funnel import funnel
from .gosh import gosh
from .influence import has_residuals, influence
from .specification import specification

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TOP, BOTTOM = 84.0, 132.0  # mm, heights of the rows
GAP, TITLE = 4.0, 6.0  # mm, between figures, and for the letter above each
SIZE = 8.0  # pt
NOTHING = "Cannot be drawn of this pool."


@checked()
def robustness(result: RobustnessResult, *, effect: str | None = None, unit: str = "") -> Figure:
    """Draw four figures of a robustness analysis on one page: influence, GOSH, specification curve and funnel.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    result : RobustnessResult
        What ``mo.robustness`` returned.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Figure
        A page of 176 mm; the axes are in this order.

    Raises
    ------
    DataError
        When `result` is of another kind.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 0.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}
    >>> page = mo.plot.robustness(mo.robustness(mo.pool(t, study="trial", measure="HR", ci="wald")))
    >>> [ax.get_xlabel() for ax in page.axes][0]
    'Leverage'
    """
    if not isinstance(result, RobustnessResult):
        raise DataError(f"a result of robustness is wanted, not {type(result).__name__}.")
    panels: list[tuple[str, Callable[[Axes], Any]]] = [
        ("Each trial left out", lambda ax: result.influence and has_residuals(result.influence) and influence(
            result.influence, ax=ax)),
        ("All subsets", lambda ax: result.gosh and gosh(result.gosh, ax=ax, effect=effect, unit=unit)),
        ("All choices", lambda ax: result.multiverse and specification(
            result.multiverse, ax=ax, effect=effect, unit=unit)),
        ("Small and large trials", lambda ax: funnel(result.whole, ax=ax, effect=effect, unit=unit)),
    ]  # fmt: skip
    half, high = (PAGE - GAP) / 2, TOP + BOTTOM + GAP
    with style():
        page = new_figure(PAGE * MM, high * MM)
        for number, (title, draw) in enumerate(panels):
            row, column = divmod(number, 2)
            left, top = column * (half + GAP), row * (TOP + GAP)
            tall = (TOP, BOTTOM)[row] - TITLE
            ax = page.add_axes(
                (left / PAGE, 1 - (top + TITLE + tall) / high, half / PAGE, tall / high), axes_class=ScreenAxes
            )
            drawing().enter(ax, own=True)
            text = f"{'abcd'[number]}  {title}"
            page.text((left + 1) / PAGE, 1 - (top + 0.7 * TITLE) / high, text, fontsize=SIZE, fontweight="bold",
                      parse_math=False, fontfamily=family(text))  # fmt: skip
            if not draw(ax):
                ax.set_axis_off()
                page.text((left + 5) / PAGE, 1 - (top + 1.5 * TITLE) / high, NOTHING, fontsize=SIZE - 1, color="0.4",
                          parse_math=False, fontfamily=family(NOTHING))  # fmt: skip
    return page
