"""``metaonc reconstruct``: patients behind the curves of a figure."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import OptionError
from .out import add_out

if TYPE_CHECKING:
    from ..workflow.reconstruct_figure import FigurePatients

NAME = "reconstruct"
HELP = "patients behind the Kaplan-Meier curves of a figure"
EXAMPLES = (
    "metaonc reconstruct figure.pdf --out patients",
    "metaonc reconstruct figure.pdf --hr 0.59 --ci 0.42 0.82 --control Male --out patients",
    "metaonc reconstruct figure.pdf --at-risk risk.csv --out patients",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("figure", metavar="FIGURE", nargs="?", help="a figure, or points clicked in another program")
    parser.add_argument("--project", metavar="FILE.json", help="what a page saved or exported; FIGURE where it moved")
    parser.add_argument("--at-risk", metavar="TABLE.csv", help="columns label, time, n; otherwise as the figure prints")
    for name, what in (
        ("n", "patients of a curve, where no numbers at risk are known"),
        ("events", "its total of events"),
    ):
        parser.add_argument(f"--{name}", nargs="+", default=[], metavar="LABEL=COUNT", help=what)
    parser.add_argument("--page", type=int, default=1, help="page of a PDF, from 1")
    parser.add_argument(
        "--panel",
        nargs="+",
        type=float,
        metavar="N",
        help="panel of the page, from 1; of an image: left top right bottom",
    )
    for axis in ("x", "y"):
        parser.add_argument(f"--{axis}-ticks", nargs=2, metavar=("FIRST", "LAST"), help="values of the outermost ticks")
        parser.add_argument(
            f"--{axis}-axis", nargs=2, metavar="AT:VALUE", help="two points of the axis: position and value there"
        )
    parser.add_argument("--n-curves", type=int, help="number of curves there must be")
    parser.add_argument("--colours", nargs="+", metavar="#RRGGBB", help="colours of the curves to read")
    parser.add_argument(
        "--masks", nargs="+", metavar="LEFT:TOP:RIGHT:BOTTOM", help="boxes of an image that are not read, as a key"
    )
    parser.add_argument(
        "--seeds", nargs="+", action="append", metavar="TIME:SURVIVAL", help="points of a curve; once for each curve"
    )
    parser.add_argument("--kind", help="survival, event or percent, where it is not to be inferred")
    parser.add_argument("--hr", help="published hazard ratio, to check the patients by")
    parser.add_argument("--ci", nargs=2, metavar=("LOW", "HIGH"), help="its 95 %% interval")
    parser.add_argument("--control", metavar="LABEL", help="the curve that the hazard ratio compares with")
    parser.add_argument("--treatment", metavar="LABEL", help="the other curve, where the figure has more than two")
    add_out(parser, "folder for the files")


def run(options: argparse.Namespace) -> None:
    """Read the figure, print what was found, and write the files."""
    from pathlib import Path

    from ..base.output.folder import refuse_other_run
    from ..workflow.reconstruct_figure import reconstruct_figure, write_reconstruction

    if options.figure is None and options.project is None:
        raise OptionError("FIGURE is missing: give a figure, or --project FILE.json.")
    names = ("page", "x_ticks", "y_ticks", "n_curves", "colours", "kind")
    how = {name: getattr(options, name) for name in names} | _stated(options)
    printed = {name: _counts(name, getattr(options, name)) for name in ("n", "events")}
    published = _published(options)
    refuse_other_run(options.out, force=options.force)  # before any work
    if options.project is None:
        found = reconstruct_figure(options.figure, options.at_risk, published, **printed, **how)
    else:
        found = _of_project(options)
    stem = re.sub(r"[^\w.-]+", "-", Path(options.figure or found.digitized.provenance.settings["file"]).stem)
    written = write_reconstruction(found, options.out, stem, force=options.force)
    arms = [text for label, arm in found.patients.arms.items() for text in ("", label, str(arm))]
    check = [] if found.check is None else ["", found.check]
    print(found.digitized, *arms, *check, "", *(f"Written: {path}" for path in written), sep="\n")


def _of_project(options: argparse.Namespace) -> FigurePatients:
    """Return the patients of a project, which states all that other options would."""
    from ..workflow.reconstruct_project import reconstruct_project

    if given := sorted(options.given - {"figure", "project", "out"}):
        raise OptionError(f"--{given[0].replace('_', '-')} has no use with --project, which states all of the figure.")
    return reconstruct_project(options.project, options.figure)


def _stated(options: argparse.Namespace) -> dict[str, object]:
    """Return the panel and the axes, as `digitize` takes them."""
    given = options.panel
    panel = int(given[0]) if given and len(given) == 1 and given[0].is_integer() else given
    axes = {f"{a}_axis": _points(getattr(options, f"{a}_axis")) for a in "xy"}
    seeds = [_points(points) for points in options.seeds or ()]
    return {"panel": panel, "masks": _points(options.masks) or (), "seeds": seeds, **axes}


def _points(texts: list[str] | None) -> list[tuple[str, ...]] | None:
    return None if texts is None else [tuple(text.split(":")) for text in texts]


def _counts(name: str, texts: Sequence[str]) -> dict[str, int]:
    """Return the counts of curves, by label."""
    counts: dict[str, int] = {}
    for text in texts:
        label, _, count = text.rpartition("=")
        if not (label and count.isascii() and count.isdigit()):
            raise OptionError(f"--{name} {text!r} is not LABEL=COUNT, such as placebo=120.")
        if counts.setdefault(label, int(count)) != int(count):
            raise OptionError(f"--{name} says {label}={counts[label]} and {text}: leave one out.")
    return counts


def _published(options: argparse.Namespace) -> dict[str, object] | None:
    """Return what a paper prints of the hazard ratio, if anything of it was given."""
    given = {"--hr": options.hr, "--ci": options.ci, "--control": options.control}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given) and options.treatment is None:
        return None
    if missing:
        raise OptionError(f"{missing[0]} is missing: the check by a hazard ratio takes --hr, --ci and --control.")
    low, high = options.ci
    return {
        "hr": options.hr,
        "ci_low": low,
        "ci_high": high,
        "control": options.control,
        "treatment": options.treatment,
    }
