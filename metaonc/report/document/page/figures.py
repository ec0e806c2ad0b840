"""Figures inside a page: SVG that a screen reader can name, whose ids no other figure of the page has."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

from ...style import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DROPPED = ("metadata", "style", "title")  # the style of a file would be one of the whole page


def inline_svg(ax: Axes, title: str, description: str, name: str) -> str:
    """Return a figure as an SVG element.

    Parameters
    ----------
    ax
        What a plot function returned.
    title
        What it is.
    description
        What it shows, for those who do not see it.
    name
        Beginning of its ids, another one for each figure of a page.
    """
    root = _svg(ax)
    for element in [*root.iter()]:
        for child in [*element]:
            if _local(child.tag) in DROPPED:
                element.remove(child)
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {_local(key): _renamed(_local(key), value, name) for key, value in element.attrib.items()}
    for tag, text in (("desc", description), ("title", title)):
        words = Element(tag, id=f"{name}-{tag}")
        words.text = text
        root.insert(0, words)
    root.attrib |= {"role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _svg(ax: Axes) -> Element:
    buffer = io.StringIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    with style(figure):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    root: Element = fromstring(buffer.getvalue(), forbid_dtd=False)
    return root


def _local(name: str) -> str:
    """Return a name without its namespace: HTML knows SVG's elements, and their plain `href`, by themselves."""
    return name.rpartition("}")[2]


def _renamed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == "href":
        return re.sub("^#", f"#{name}-", value)
    return re.sub(r"url\(#", f"url(#{name}-", value)
