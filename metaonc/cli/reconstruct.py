"""``metaonc reconstruct``: patients behind the curves of a figure."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import OptionError
from .options.out import add_out

if TYPE_CHECKING:
    from ..workflow.reconstruct_figure import FigurePatients

_UNREACHED = "NR"  # a median
NAME = "reconstruct"
HELP = "patients behind the Kaplan-Meier curves of a figure"
EXAMPLES = (
    "metaonc reconstruct figure.pdf --out patients",
    "metaonc reconstruct figure.pdf --control Male --out patients",
    "metaonc reconstruct figure.pdf --hr 0.59 --ci 0.42 0.82 --control Male --out patients",
    "metaonc reconstruct figure.pdf --hr 0.73 --ci 0.57 0.93 --level 0.985 --control Male --out patients",
    "metaonc reconstruct figure.pdf --at-risk risk.csv --out patients",
    "metaonc reconstruct figure.pdf figure2.pdf --table figures.csv --out patients",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "figures", metavar="FIGURE", nargs="*", help="a figure, or points clicked in another program; several at once"
    )
    parser.add_argument("--project", metavar="FILE.json", help="what a page saved or exported; FIGURE where it moved")
    parser.add_argument(
        "--table",
        metavar="FILE.csv",
        help="a row a curve of each figure, or why there is none; each then has a folder in DIR",
    )
    parser.add_argument("--at-risk", metavar="TABLE.csv", help="columns label, time, n; otherwise as the figure prints")
    for name, what in (
        ("n", "patients of a curve, where no numbers at risk are known"),
        ("events", "its total of events"),
    ):
        parser.add_argument(f"--{name}", nargs="+", default=[], metavar="LABEL=COUNT", help=what)
    parser.add_argument(
        "--labels", nargs="+", default=[], metavar="LABEL=NAME",
        help="name of a curve, by the name or the colour that it has here",
    )  # fmt: skip
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
            f"--{axis}-axis",
            nargs="+",
            metavar="AT:VALUE",
            help="points of the axis, two at least: position and value",
        )
    parser.add_argument("--n-curves", type=int, help="number of curves there must be")
    parser.add_argument("--colours", nargs="+", metavar="#RRGGBB", help="colours of the curves to read")
    parser.add_argument(
        "--masks", nargs="+", metavar="LEFT:TOP:RIGHT:BOTTOM", help="boxes of an image that are not read, as a key"
    )
    parser.add_argument(
        "--seeds", nargs="+", action="append", metavar="TIME:SURVIVAL", help="points of a curve; once for each curve"
    )
    parser.add_argument(
        "--ocr", action=argparse.BooleanOptionalAction, default=None,
        help="read the text of pictures: labels of axes, numbers at risk, names",
    )  # fmt: skip
    parser.add_argument("--kind", help="survival, event or percent, where it is not to be inferred")
    parser.add_argument("--hr", help="published hazard ratio, to check the patients by")
    parser.add_argument("--ci", nargs=2, metavar=("LOW", "HIGH"), help="its interval")
    parser.add_argument(
        "--level",
        type=float,
        help="level of --ci, such as 0.985; when not given as the figure prints with this ratio, else 0.95",
    )
    parser.add_argument(
        "--control",
        metavar="LABEL",
        help="the curve that the hazard ratio compares with; alone, that of the patients is told",
    )
    parser.add_argument("--treatment", metavar="LABEL", help="the other curve, where the figure has more than two")
    parser.add_argument(
        "--medians",
        nargs="+",
        default=[],
        metavar="LABEL=TIME",
        help="published medians to check by, or NR",
    )
    add_out(parser, "folder for the files")


def run(options: argparse.Namespace) -> int:
    """Read the figures, print what was found, and write the files; 1 when one of several could not be read."""
    from ..base.output.folder import refuse_other_run
    from ..workflow.reconstruct_figure import reconstruct_figure, write_reconstruction
    from ..workflow.reconstruct_figures import stem_of

    if not options.figures and options.project is None:
        raise OptionError("FIGURE is missing: give a figure, or --project FILE.json.")
    if options.project is not None:
        _refuse_beside_project(options)
    names = ("page", "x_ticks", "y_ticks", "n_curves", "colours", "kind", "ocr")
    how = {name: getattr(options, name) for name in names} | _stated(options)
    if len(options.figures) > 1 or options.table is not None:
        return _several(options, how)
    figure: str | None = options.figures[0] if options.figures else None
    how["labels"] = _by_label("labels", options.labels, "NAME", "'Curve 1=Placebo'")
    printed = {name: _counts(name, getattr(options, name)) for name in ("n", "events")}
    published = _published(options)
    refuse_other_run(options.out, force=options.force)  # before any work
    if figure is not None and options.project is None:
        found = reconstruct_figure(figure, options.at_risk, published, **printed, **how)
    else:
        found = _of_project(options, figure)
    stem = stem_of(figure or found.digitized.provenance.settings["file"])
    written = write_reconstruction(found, options.out, stem, force=options.force)
    print(found, "", *(f"Written: {path}" for path in written), sep="\n")
    return 0


def _several(options: argparse.Namespace, how: dict[str, object]) -> int:
    """Reconstruct figures one after the other, each told on stderr when it is done."""
    import sys
    from pathlib import Path

    from ..base.output.csv import csv_text
    from ..base.output.writing import write_file
    from ..workflow.reconstruct_figures import reconstruct_figures

    own = {"--at-risk": options.at_risk, "--n": options.n, "--events": options.events, "--hr": options.hr,
           "--ci": options.ci, "--level": options.level, "--control": options.control, "--treatment": options.treatment,
           "--medians": options.medians, "--labels": options.labels}  # fmt: skip
    if given := [name for name, value in own.items() if value]:
        raise OptionError(f"{given[0]} is of one figure: reconstruct it alone, without --table.")
    table = reconstruct_figures(
        options.figures, options.out, force=options.force, tell=lambda line: print(line, file=sys.stderr), **how
    )
    failed = table.loc[table["status"] == "failed", "figure"].nunique()
    if options.table is not None:
        print(f"Written: {write_file(Path(options.table), csv_text(table))}")
    shown = table.drop(columns="message").assign(figure=[Path(path).name for path in table["figure"]])
    print(shown.to_string(index=False, na_rep="", float_format="{:.4g}".format))
    for row in table[table["status"] == "failed"].to_dict("records"):
        print(f"{Path(row['figure']).name}: {row['message']}")
    print(f"{len(options.figures) - failed} of {len(options.figures)} figures were reconstructed.")
    return 1 if failed else 0


def _refuse_beside_project(options: argparse.Namespace) -> None:
    """Refuse what a project states itself."""
    if len(options.figures) > 1:
        raise OptionError(f"--project is of one figure, and {len(options.figures)} are given: reconstruct it alone.")
    given = set(options.given) | {name for name in ("seeds", "ocr") if getattr(options, name) is not None}
    if beside := sorted(given - {"figures", "project", "out", "force"}):
        raise OptionError(f"--{beside[0].replace('_', '-')} has no use with --project, which states all of the figure.")


def _of_project(options: argparse.Namespace, figure: str | None) -> FigurePatients:
    """Return the patients of a project."""
    from ..workflow.reconstruct_project import reconstruct_project

    return reconstruct_project(options.project, figure)


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
    given = _by_label(name, texts, "COUNT", "placebo=120")
    for label, count in given.items():
        if not (count.isascii() and count.isdigit()):
            raise OptionError(f"--{name} {f'{label}={count}'!r} is not LABEL=COUNT, such as placebo=120.")
    return {label: int(count) for label, count in given.items()}


def _by_label(name: str, texts: Sequence[str], what: str, example: str) -> dict[str, str]:
    """Return the values of curves, by label."""
    values: dict[str, str] = {}
    for text in texts:
        label, _, value = text.rpartition("=")
        if not (label and value):
            raise OptionError(f"--{name} {text!r} is not LABEL={what}, such as {example}.")
        if values.setdefault(label, value) != value:
            raise OptionError(f"--{name} says {label}={values[label]} and {text}: leave one out.")
    return values


def _published(options: argparse.Namespace) -> dict[str, object] | None:
    """Return what a paper prints of hazard ratio and medians, if anything of it was given."""
    read = _by_label("medians", options.medians, "TIME", "placebo=7.5")
    medians = {label: None if value.upper() == _UNREACHED else value for label, value in read.items()}
    given = {"--hr": options.hr, "--ci": options.ci, "--control": options.control}
    missing = [name for name, value in given.items() if value is None]
    if options.control is not None and options.hr is None and options.ci is None and options.level is None:
        return {"control": options.control, "treatment": options.treatment, "medians": medians or None}
    if len(missing) == len(given) and options.treatment is None and options.level is None:
        return {"medians": medians} if medians else None
    if missing:
        raise OptionError(f"{missing[0]} is missing: the check by a hazard ratio takes --hr, --ci and --control.")
    low, high = options.ci
    return {
        "hr": options.hr,
        "ci_low": low,
        "ci_high": high,
        "control": options.control,
        "treatment": options.treatment,
        "level": options.level,
        "medians": medians or None,
    }
