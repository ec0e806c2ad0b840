"""What an SVG's elements look like: attributes, style sheets and inheritance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

Style = dict[str, str]
_INHERITED = {
    "stroke": "none",
    "stroke-width": "1",
    "stroke-dasharray": "none",
    "stroke-opacity": "1",
    "fill": "black",
    "fill-opacity": "1",
    "color": "black",
    "font-size": "16",
    "text-anchor": "start",
    "visibility": "visible",
    "dominant-baseline": "auto",
    "opacity": "1",  # not inherited by the letter, but of a group it thins all within
}
_PROPERTIES = (*_INHERITED, "display", "font")
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
PX = 0.75  # points a pixel


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a style sheet: compounds such as ``.a`` or ``path``, the last for the element, others around it."""

    compounds: tuple[tuple[str, str, tuple[str, ...]], ...]  # tag, id, classes
    style: Style
    weight: tuple[int, int, int]


def name_of(element: Element) -> str:
    """Return the element's name without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def sheet(texts: Sequence[str]) -> list[Rule]:
    """Return the rules of style sheets, weakest first; what they say beyond simple selectors is left out."""
    rules = []
    for text in texts:
        text = re.sub(r"/\*.*?\*/|<!\[CDATA\[|\]\]>", "", text, flags=re.DOTALL)
        for heads, body in re.findall(r"([^{}@]+)\{([^{}]*)\}", text):
            for head in heads.split(","):
                parts = head.split()
                if parts and all(re.fullmatch(r"\*|[\w*]*([.#][\w-]+)*", p) for p in parts):
                    rules.append(_rule(parts, declarations(body)))
    return sorted(rules, key=lambda r: r.weight)


def _rule(parts: list[str], style: Style) -> Rule:
    compounds = []
    for part in parts:
        tag = re.match(r"\w*", part)
        ids = re.findall(r"#([\w-]+)", part)
        compounds.append((tag.group() if tag else "", ids[0] if ids else "", tuple(re.findall(r"\.([\w-]+)", part))))
    weight = (
        sum(bool(c[1]) for c in compounds),
        sum(len(c[2]) for c in compounds),
        sum(bool(c[0]) for c in compounds),
    )
    return Rule(tuple(compounds), style, weight)


def declarations(text: str) -> Style:
    """Return property -> value of ``"stroke: #fff; fill: none"``."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {name.strip().lower(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()}


def styled(element: Element, parents: Sequence[Element], above: Style | None, rules: Sequence[Rule]) -> Style:
    """Return the style of an element: inherited, attributes, style sheet, its own style, in rising order."""
    own: Style = {k: v for k, v in element.attrib.items() if k in _PROPERTIES}
    for rule in rules:
        if _matches(rule, element, parents):
            own.update(rule.style)
    own.update(declarations(element.get("style", "")))
    above = above or _INHERITED
    style = {name: own.get(name, above[name]) for name in _INHERITED}
    for name in _INHERITED:
        if style[name] == "inherit":
            style[name] = above[name]
    style["opacity"] = str(number(own.get("opacity", "1"), 1.0) * number(above["opacity"], 1.0))
    if size := re.search(r"([\d.]+(px|pt))", own.get("font", "")):
        style["font-size"] = own.get("font-size", size.group(1))
    style["font-size"] = str(length(style["font-size"], number(above["font-size"], 16.0)))
    style["display"] = own.get("display", "inline")
    return style


def _matches(rule: Rule, element: Element, parents: Sequence[Element]) -> bool:
    if not _fits(rule.compounds[-1], element):
        return False
    around = iter(reversed(parents))
    return all(any(_fits(compound, parent) for parent in around) for compound in reversed(rule.compounds[:-1]))


def _fits(compound: tuple[str, str, tuple[str, ...]], element: Element) -> bool:
    tag, identity, classes = compound
    return (
        (not tag or tag == name_of(element))
        and (not identity or identity == element.get("id"))
        and set(classes) <= set(element.get("class", "").split())
    )


def number(text: str | None, default: float) -> float:
    """Return the number that a text begins with, or the default; percent as a proportion."""
    found = re.match(r"\s*([-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)\s*(%?)", text or "")
    return default if found is None else float(found.group(1)) / (100.0 if found.group(4) else 1.0)


def length(text: str | None, whole: float, default: float = 0.0) -> float:
    """Return a length in pixels; percent and em are of `whole`."""
    found = re.match(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([a-z%]*)", text or "")
    if found is None:
        return default
    value, unit = float(found.group(1)), found.group(2)
    return value * whole * (0.01 if unit == "%" else 1.0) if unit in ("%", "em") else value * _UNITS.get(unit, 1.0)


def paint(style: Style, name: str) -> str | None:
    """Return the colour of stroke or fill as it looks on white; None when there is none."""
    text = style[name]
    text = style["color"] if text.lower() == "currentcolor" else text
    opacity = number(style[f"{name}-opacity"], 1.0) * number(style["opacity"], 1.0)
    return _on_white(text, min(max(opacity, 0.0), 1.0))


@lru_cache(maxsize=4096)
def _on_white(text: str, opacity: float) -> str | None:
    from svgelements import Color

    if text in ("none", "transparent") or text.startswith("url("):
        return None
    colour: Any = Color(text)
    if colour.value is None:
        return None
    seen = opacity * colour.alpha / 255.0
    if seen <= 0:
        return None
    return "#" + "".join(f"{round(255 - (255 - c) * seen):02x}" for c in (colour.red, colour.green, colour.blue))
