"""The key of a forest plot's marks, below its axis: a reader who sees only the figure knows what each of them is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.path import Path

from ...base.check import Floats
from ...data.risk_of_bias.tools import Judgement
from ..slot import Slot
from ..typeset import LINE, text_width
from .columns import is_light
from .content import ForestRows
from .notes import judgements_in

INK, GREY = "#000000", "0.35"
SAMPLE, PAD, GAP = 13.0, 3.0, 10.0  # pt: a sample, from it to its name, and between two entries
DIAMOND = Path([(-1.0, 0.0), (0.0, 0.45), (1.0, 0.0), (0.0, -0.45), (-1.0, 0.0)], closed=True)
BEYOND = {False: "goes on beyond the axis", True: "goes on beyond the axis, or is not reached"}
Lines = list[list[tuple[float, "Mark"]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An entry of the key: what a mark is, and how matplotlib draws its sample."""

    text: str
    look: dict[str, Any] = field(default_factory=dict)
    line: bool = False  # whether the sample is a line from end to end; else its mark alone
    judgement: Judgement | None = None  # whose sign is the sample
    code: str | None = None  # a word in its place; empty of a heading, which has no sample

    @property
    def indent(self) -> float:
        """Where the text begins."""
        return 0.0 if self.code == "" else SAMPLE + PAD


def disc(judgement: Judgement) -> dict[str, Any]:
    """Return how the sign of a judgement is written: on its disc."""
    box = {"boxstyle": "circle,pad=0.12", "fc": judgement.colour, "ec": INK, "lw": 0.5}
    return {"weight": "bold", "color": judgement.ink, "bbox": box}


def key_of(content: ForestRows, axis: tuple[float, float, Floats]) -> list[Mark]:
    """Return the marks that are drawn of these rows on this axis; none where there is only one."""
    rows, names, journal = content.rows, content.marks, content.journal
    kinds = set(rows["kind"][rows["estimate"].notna()])
    area = f" (area: {names.area})" if names.area else ""
    diamond: dict[str, Any] = {"marker": DIAMOND, "ms": SAMPLE - 2, "mec": INK, "mew": 0.5}
    each = {
        "study": Mark(text=f"{names.study}{area}", look={"marker": "s", "ms": 5.0, "color": content.colour, "mew": 0}),
        "filled": Mark(text="filled in", look={"marker": "s", "ms": 5.0, "mfc": "white", "mec": INK, "mew": 0.7}),
        "pooled": Mark(text=names.pooled, look={"mfc": journal.diamond, **diamond}),
        "common": Mark(text=names.common, look={"mfc": "white", **diamond}),
    }
    circle: dict[str, Any] = {"marker": "o", "ms": 3.2, "mfc": "white", "mec": GREY, "mew": 0.6, "color": GREY}
    marks = [mark for kind, mark in each.items() if kind in kinds]
    if rows["model"].notna().any():
        marks.append(Mark(text=names.model, look={"lw": 0.5, **circle}, line=True))
    if "prediction" in set(rows["kind"]):
        marks.append(Mark(text="prediction interval", look={"color": journal.prediction, "lw": 2.2}, line=True))
    leaves, unknown = _leaving(rows, axis)
    if leaves:
        look = {"color": INK, "lw": 0.8, "marker": ">", "ms": 4.0, "mew": 0, "markevery": [2]}
        marks.append(Mark(text=BEYOND[unknown], look=look, line=True))
    return marks if len(marks) > 1 else []


def key_of_lights(content: ForestRows) -> tuple[list[Mark], list[Mark]]:
    """Return what the signs of an assessment of risk of bias are, and what its columns; none without one."""
    rob = content.risk_of_bias
    if rob is None:
        return [], []
    there = judgements_in(content.rows, [c for c in content.right if is_light(c)])
    signs = [Mark(text=one.word.lower(), judgement=one) for one in there]
    domains = [Mark(text=name, code=code) for code, name in rob.record.domains.items()]
    return [Mark(text=f"Risk of bias by {rob.tool}:", code=""), *signs], domains


def _leaving(rows: pd.DataFrame, axis: tuple[float, float, Floats]) -> tuple[bool, bool]:
    """Return whether an interval leaves the axis, and whether a limit was not reached."""
    first, last, _ = axis
    drawn = rows[rows["estimate"].notna() | (rows["kind"] == "prediction")]
    unknown = bool(drawn[["low", "high"]].isna().any(axis=None))
    out = (drawn["low"] < first) | (drawn["high"] > last) | (drawn["model_low"] < first) | (drawn["model_high"] > last)
    return unknown or bool(out.any()), unknown


def key_lines(marks: list[Mark], width: float, size: float) -> Lines:
    """Return the entries in lines of this width, each with where it begins."""
    lines: Lines = []
    x = width
    for mark in marks:
        wide = mark.indent + text_width(mark.text, size)
        if not lines or x + wide > width:
            lines.append([])
            x = 0.0
        lines[-1].append((x, mark))
        x += wide + GAP
    return lines


def draw_key(slot: Slot, lines: Lines, top: float, size: float) -> None:
    """Draw the key, its upper edge at `top`."""
    for i, line in enumerate(lines):
        base = top + size + i * size * LINE
        for x, mark in line:
            slot.text(x + mark.indent, base, mark.text, size=size)
            if mark.judgement is not None:
                slot.text(x + SAMPLE / 2, base, mark.judgement.sign, size=size, ha="center", **disc(mark.judgement))
                continue
            if mark.code is not None:
                slot.text(x + SAMPLE, base, mark.code, size=size, ha="right", weight="bold")
                continue
            places = [x, x + SAMPLE / 2, x + SAMPLE - 2] if mark.line else [x + SAMPLE / 2]
            at = [slot.place(place, base - 0.33 * size) for place in places]
            look = {"markevery": [1], **mark.look} if mark.line else {"linestyle": "", **mark.look}
            look = {"color": INK, **look}
            sample = Line2D(
                *zip(*at, strict=True), transform=slot.host.transSubfigure, clip_on=False, clip_path=slot.clip,
                label="_key", solid_capstyle="butt", **look,
            )  # fmt: skip
            slot.ax.add_artist(sample)
