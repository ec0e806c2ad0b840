"""What an SVG's elements look like: attributes, style sheets and inheritance."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from ..limits import Source

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
_TRIALS = 5_000_000  # of rules on elements
_LONGEST = 1_000  # characters of a value: elements within inherit it


Compound = tuple[str, str, tuple[str, ...]]  # tag, id, classes


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a style sheet: compounds such as ``.a`` or ``path``, the last for the element, others around it."""

    compounds: tuple[Compound, ...]
    style: Style
    weight: tuple[int, int, int]


def name_of(element: Element) -> str:
    """Return the element's name without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Sheet:
    """The rules of style sheets; what they say beyond simple selectors is left out.

    Rules are tried by the id, a class or the tag that they are for, and not more often than figures need.
    """

    def __init__(self, source: Source, texts: Sequence[str]) -> None:
        self.source, self.room = source, _TRIALS
        self.rules: dict[str, list[tuple[int, Rule]]] = defaultdict(list)
        rules = sorted((rule for text in texts for rule in _rules(text)), key=lambda r: r.weight)
        for number, rule in enumerate(rules):
            tag, identity, classes = rule.compounds[-1]
            self.rules[f"#{identity}" if identity else f".{classes[0]}" if classes else tag].append((number, rule))

    def style(self, element: Element, parents: Sequence[Element]) -> Style:
        """Return what the sheets say of an element, the weakest rules first."""
        keys = [f"#{element.get('id')}", *(f".{c}" for c in dict.fromkeys(element.get("class", "").split())), ""]
        tried = sorted(
            (r for key in (*keys, name_of(element)) for r in self.rules.get(key, ())), key=lambda pair: pair[0]
        )
        self.room -= sum(1 + len(parents) * (len(rule.compounds) - 1) for _, rule in tried)
        if self.room < 0:
            raise self.source.problem("asks for more style rules than any figure needs.")
        style: Style = {}
        for _, rule in tried:
            if _matches(rule, element, parents):
                style.update(rule.style)
        return style


def _rules(text: str) -> Iterator[Rule]:
    for block in _uncommented(text).replace("<![CDATA[", "").replace("]]>", "").split("}"):
        before, brace, body = block.rpartition("{")
        head = before.rpartition("{")[2]
        if not brace or "@" in head:
            continue
        style = declarations(body)
        for one in head.split(","):
            parts = one.split()
            if parts and all(re.fullmatch(r"\*|[\w*]*([.#][\w-]+)*", p) for p in parts):
                yield _rule(parts, style)


def _uncommented(text: str) -> str:
    first, *others = text.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


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
    """Return property -> value of ``"stroke: #fff; fill: none"``, of properties that are read."""
    pairs = (part.partition(":") for part in text.split(";"))
    found = {name.strip().lower(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()}
    return {name: value for name, value in found.items() if name in _PROPERTIES}


def styled(element: Element, parents: Sequence[Element], above: Style | None, sheet: Sheet) -> Style:
    """Return the style of an element: inherited, attributes, style sheet, its own style, in rising order."""
    own: Style = {k: v for k, v in element.attrib.items() if k in _PROPERTIES}
    own.update(sheet.style(element, parents))
    own.update(declarations(element.get("style", "")))
    if endless := next((name for name, value in own.items() if len(value) > _LONGEST), None):
        raise sheet.source.problem(f"has a {endless} of {len(own[endless]):,} characters, which no figure needs.")
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


@lru_cache(maxsize=4096)
def dashes(text: str) -> tuple[float, ...]:
    """Return the lengths of a dash array, drawn and left out in turn; ValueError where one is no length."""
    parts = () if text == "none" else re.split(r"[\s,]+", text.strip())
    lengths = tuple(length(part, 1.0, math.nan) for part in parts if part)
    if not all(0 <= one < math.inf for one in lengths):
        raise ValueError(f"{text[:40]!r} is no list of lengths")
    return lengths


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
