"""What results of one report have alike, such as the pool that several rest on, stands in it once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

from ...base.caution import AGAIN
from ..blocks import Block, Drawing, Grid, Heading, Paragraph
from ..texts.printer import capital, listed
from .figures import NUMBERS
from .parts import Part

SAID = f"{capital(AGAIN)}: "


def once(parts: Iterable[Part]) -> list[Part]:
    """Return parts without paragraphs and forest plots that stand under a heading before them, which is named instead.

    A forest plot is known by its numbers, and goes with them and the lines below. Cautions are told wherever they hold.
    """
    every = list(parts)
    results, methods = _section([part.results for part in every]), _section([part.methods for part in every])
    return [replace(part, results=own, methods=how) for part, own, how in zip(every, results, methods, strict=True)]


def _section(parts: list[tuple[Block, ...]]) -> list[tuple[Block, ...]]:
    """Return the parts of a section, of which the first that is cut says where the rest is, and of the others too."""
    seen: dict[Hashable, str] = {}
    less = [_less(blocks, seen) for blocks in parts]
    cut = [i for i, (_, others) in enumerate(less) if others]
    found = []
    for i, (kept, others) in enumerate(less):
        bare = bool(others) and all(isinstance(block, Heading) for block in kept)
        if i in cut[:1]:
            more = " So it is of what follows, where it rests on the same." * (len(cut) > 1)
            kept = (*kept, Paragraph(f"The rest is as above, under {listed(others)}.{more}"))
        elif bare:
            kept = (*kept, Paragraph(f"As above, under {listed(others)}."))
        found.append(kept)
    return found


def _less(blocks: tuple[Block, ...], seen: dict[Hashable, str]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return blocks without what is `seen` under another heading, to which the others are added; and those headings."""
    heading = next((block.text for block in blocks if isinstance(block, Heading)), "")
    kept: list[Block] = []
    others: dict[str, None] = {}
    dropped: Block | None = None
    for block in blocks:
        below = isinstance(dropped, Grid) and isinstance(block, Paragraph)
        dropped = None
        key = _key(block)
        under = seen.setdefault(key, heading) if key is not None else heading
        if under == heading and not below:
            kept.append(block)
            continue
        others[under] = None
        dropped = block
        if isinstance(block, Grid) and kept and isinstance(kept[-1], Drawing):
            kept.pop()  # the forest plot of these numbers
    others.pop(heading, None)
    return tuple(kept), tuple(others)


def _key(block: Block) -> Hashable | None:
    """Return by what a block is known again; None of what is never left out."""
    if isinstance(block, Paragraph):
        return None if SAID in block.text else block.text
    return block.table.to_csv() if isinstance(block, Grid) and block.caption == NUMBERS else None
