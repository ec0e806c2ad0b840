"""One figure on its page: what is known of it, what is asked of it, and what is kept and written of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from ...base.files import json_of, read_bytes
from ...base.messages.advice import spoken
from ...base.numbers import number
from ...base.output.folder import refuse_other_run
from ...base.output.writing import write_file
from ...data.digitize.figure import Figure
from ...data.digitize.hand.curves import by_hand
from ...data.digitize.hand.reading import read_hand
from ...data.digitize.hand.record import Hand
from ...data.digitize.limits import read_source
from ...data.digitize.project import FORMAT, hand_text
from ...errors import DataError, MetaoncError
from ..reconstruct_figure import write_reconstruction
from ..reconstruct_project import patients_of
from .opening import opened
from .picture import picture_of
from .solving import Solver
from .tracing import traced
from .words import of_lines, on_the_page


class Session:
    """A figure on its page.

    Parameters
    ----------
    path
        The figure.
    page
        Of a PDF, from 1.
    out
        Folder of its files; None where nothing is written.
    force
        Whether the files of another run in that folder may be removed.

    Raises
    ------
    DataError
        When the file is no figure, or the folder holds the files of another run.
    """

    def __init__(self, path: str | Path, *, page: int = 1, out: str | Path | None = None, force: bool = False) -> None:
        self.source = read_source(path)
        self.stem = re.sub(r"[^\w.-]+", "-", Path(path).stem)
        self.out = None if out is None else Path(out)
        if self.out is not None:
            self._refuse_others(self.out, force)
        self.figure = Figure(self.source)
        self._words = of_lines if self.lines else on_the_page
        self.picture = picture_of(self.figure, page)
        with spoken(self._words):
            self.hand, self.unread = self._kept() or opened(self.figure, self.picture, page)
        self._solver = Solver(self.source)
        self._lock = Lock()  # one change after the other, as they are made

    @property
    def lines(self) -> bool:
        """Whether the figure is made of lines."""
        return self.figure.lines

    @property
    def autosave(self) -> Path | None:
        """The file in which all that is placed and typed is kept."""
        return None if self.out is None else self.out / f"{self.stem}_autosave.json"

    def answer(self, what: str, asked: Any) -> dict[str, Any]:
        """Return the answer to `keep`, `solve`, `trace` or `save`: an `error` where what is asked cannot be done."""
        answers: Mapping[str, Callable[[Hand, Mapping[str, Any]], dict[str, Any]]] = {
            "keep": self._keep,
            "solve": self._solve,
            "trace": self._trace,
            "save": self._save,
        }
        with self._lock, spoken(self._words):
            try:
                if not isinstance(asked, Mapping):
                    raise DataError("what the page sent is no record.")
                return answers[what](read_hand(asked.get("hand")), asked)
            except MetaoncError as problem:
                return {"error": str(problem)}

    def _keep(self, hand: Hand, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Keep the record."""
        self.hand = hand
        if self.autosave is not None:
            self.autosave.parent.mkdir(parents=True, exist_ok=True)
            write_file(
                self.autosave, hand_text(hand.plain(), self.source.path, self.source.sha256, self.autosave.parent)
            )
        return {}

    def _solve(self, hand: Hand, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Keep the record and return what it makes."""
        return self._keep(hand, asked) | {"solved": self._solver.solve(hand)}

    def _trace(self, hand: Hand, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the curve asked for with the points of its line, and the reading of the record with it."""
        at = asked.get("at")
        place = None if at is None else (number(at[0], "a click"), number(at[1], "a click"))
        k = asked.get("curve")
        if not isinstance(k, int):
            raise DataError(f"{k!r} is no number of a curve.")
        curve = traced(self.figure, hand, k, place)
        curves = tuple(curve if i == k else one for i, one in enumerate(hand.curves))
        hand = replace(hand, curves=curves)
        return {"curve": hand.plain()["curves"][k], **self._solve(hand, asked)}

    def _save(self, hand: Hand, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Write all files, as ``metaonc reconstruct`` does of the project, and return their names."""
        if self.out is None:
            raise DataError("this page has no folder to write to.")
        self._keep(hand, asked)
        found = patients_of(by_hand(hand, self.source), hand)
        files = write_reconstruction(found, self.out, self.stem, force=True)
        return {"written": [str(path) for path in files]}

    def _refuse_others(self, out: Path, force: bool) -> None:
        """Refuse a folder with the files of another run, but for one of this figure's own."""
        manifest = refuse_other_run(out, force=True)
        if manifest is not None and manifest.run != f"reconstruct, {self.stem}":
            refuse_other_run(out, force=force)

    def _kept(self) -> tuple[Hand, str] | None:
        """Return what an earlier page of the same figure kept."""
        path = self.autosave
        if path is None or not path.exists():
            return None
        record = json_of(read_bytes(path), str(path))
        if not isinstance(record, dict) or record.get("sha256") != self.source.sha256:
            raise DataError(f"{str(path)!r} keeps what was read of another figure: move it, or give another folder.")
        return read_hand(record.get("by_hand")), ""

    def boot(self) -> dict[str, Any]:
        """Return what the page is built with."""
        p = self.picture
        return {
            "format": FORMAT,
            "name": self.source.path.name,
            "sha256": self.source.sha256,
            "stem": self.stem,
            "unread": self.unread,
            "lines": self.lines,
            "picture": {"left": p.left, "top": p.top, "width": p.width, "height": p.height, "unit": p.unit},
            "hand": self.hand.plain(),
            "out": None if self.out is None else str(self.out),
        }


def as_json(value: Any) -> str:
    """Return plain values as JSON that may stand in a script of a page."""
    return (
        json.dumps(value, allow_nan=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
