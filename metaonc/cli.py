"""The command line: ``metaonc datasets``, ``check``, ``analyse``, ``reconstruct``, ``patients`` and ``template``."""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Mapping, Sequence

from ._version import __version__
from .errors import MetaoncError, MetaoncWarning, OptionError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 where `check` found errors, or 2 after one line that says what is wrong."""
    options = _parser().parse_args(arguments)
    status = 0
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", MetaoncWarning)
            status = options.run(options) or 0
            sys.stdout.flush()
        for warning in caught:
            if issubclass(warning.category, MetaoncWarning):
                print(f"metaonc: warning: {warning.message}", file=sys.stderr)
    except MetaoncError as problem:
        print(f"metaonc: error: {' '.join(str(problem).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="metaonc", description="Meta-analysis of survival and response in oncology.")
    parser.add_argument("--version", action="version", version=f"metaonc {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("datasets", help="list the packaged collections")
    listing.add_argument("name", nargs="?", help="show one collection")
    listing.set_defaults(run=_datasets)
    checking = commands.add_parser(
        "check",
        help="find figures that cannot be, or mislead, in a table of results",
        epilog="Exit status: 0 without errors (there may be warnings and notes), 1 with errors, 2 if unreadable.",
    )
    checking.add_argument(
        "file", metavar="FILE", help="a CSV file or workbook, one set of figures a row, or a packaged collection"
    )
    checking.set_defaults(run=_check)
    pooling = commands.add_parser("analyse", help="pool one outcome and write figure, tables, R script and report")
    pooling.add_argument("source", metavar="SOURCE", help="a packaged collection, a CSV file or an Excel workbook")
    pooling.add_argument("--outcome", type=str.lower, required=True, help="such as orr, dcr, pfs, os or dor")
    pooling.add_argument("--by", metavar="COLUMN", help="subgroup variable such as kras, or a column")
    pooling.add_argument("--measure", type=str.upper, help="OR, PLO, HR or MEDLN; otherwise the first reported")
    pooling.add_argument(
        "--where",
        metavar="COLUMN=VALUE",
        action="append",
        default=[],
        help="only rows with this value; may be repeated",
    )
    pooling.add_argument(
        "--report",
        nargs="*",
        choices=("html", "docx"),
        help="write a report: one self-contained page of HTML, a Word document, or both; html when not said",
    )
    pooling.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    pooling.set_defaults(run=_analyse)
    template = commands.add_parser("template", help="write an empty table of trials, or of curves, to fill in")
    template.add_argument("out", metavar="OUT", help="an Excel workbook (.xlsx) or a CSV file (.csv)")
    template.add_argument("--curves", action="store_true", help="of published curves: CSV files with one name")
    template.set_defaults(run=_template)
    _add_reconstruct(commands.add_parser("reconstruct", help="patients behind the Kaplan-Meier curves of a figure"))
    patients = commands.add_parser("patients", help="patients behind published curves, from their coordinates")
    patients.add_argument("source", metavar="SOURCE", help="a file of curves (see template --curves) or a collection")
    patients.add_argument("--out", metavar="DIR", required=True, help="folder for patients.csv, reconstructions.csv")
    patients.set_defaults(run=_patients)
    return parser


def _add_reconstruct(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("figure", metavar="FIGURE", help="a figure, or points clicked in another program")
    parser.add_argument("--at-risk", metavar="TABLE.csv", help="columns label, time, n; otherwise as the figure prints")
    for name, what in (
        ("n", "patients of a curve, where no numbers at risk are known"),
        ("events", "its total of events"),
    ):
        parser.add_argument(f"--{name}", nargs="+", default=[], metavar="LABEL=COUNT", help=what)
    parser.add_argument("--page", type=int, default=1, help="page of a PDF, from 1")
    parser.add_argument("--panel", type=int, help="panel of the page, from 1")
    for axis in ("x", "y"):
        parser.add_argument(
            f"--{axis}-ticks", nargs=2, type=float, metavar=("FIRST", "LAST"), help="values of the outermost ticks"
        )
    parser.add_argument("--n-curves", type=int, help="number of curves there must be")
    parser.add_argument("--colours", nargs="+", metavar="#RRGGBB", help="colours of the curves to read")
    parser.add_argument("--kind", help="survival, event or percent, where it is not to be inferred")
    parser.add_argument("--hr", type=float, help="published hazard ratio, to check the patients by")
    parser.add_argument("--ci", nargs=2, type=float, metavar=("LOW", "HIGH"), help="its 95 %% interval")
    parser.add_argument("--control", metavar="LABEL", help="the curve that the hazard ratio compares with")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    parser.set_defaults(run=_reconstruct)


def _datasets(options: argparse.Namespace) -> None:
    from .data.collections import datasets, load

    print(load(options.name) if options.name else datasets().to_string())


def _check(options: argparse.Namespace) -> int:
    from .data.audit.listing import check

    text, errors = check(options.file)
    print(text)
    return int(errors)


def _analyse(options: argparse.Namespace) -> None:
    from ._files import write
    from .analyse import analyse

    where = dict(_pair(text) for text in options.where)
    found = analyse(
        options.source, outcome=options.outcome, by=options.by, measure=options.measure, where=where or None
    )
    written = write(found, options.out, _stem(options, where), options.report or ("html",))
    print(found.text(), "", *(f"Written: {path}" for path in written), sep="\n")


def _template(options: argparse.Namespace) -> None:
    from .data.readers.template import write_curves_template, write_template

    write = write_curves_template if options.curves else write_template
    print(*(f"Written: {path}" for path in write(options.out)), sep="\n")


def _patients(options: argparse.Namespace) -> None:
    from .data.derived import curves_of, derived, listing, write_derived

    tables = derived(curves_of(options.source))
    written = write_derived(tables, options.out)
    print(listing(tables["reconstructions"]), "", *(f"Written: {path}" for path in written), sep="\n")


def _reconstruct(options: argparse.Namespace) -> None:
    from pathlib import Path

    from ._reconstruct import reconstruct_figure, write_reconstruction

    names = ("page", "panel", "x_ticks", "y_ticks", "n_curves", "colours", "kind")
    how = {name: getattr(options, name) for name in names}
    printed = {name: dict(map(_count, getattr(options, name))) for name in ("n", "events")}
    found = reconstruct_figure(options.figure, options.at_risk, _published(options), **printed, **how)
    written = write_reconstruction(found, options.out, re.sub(r"[^\w.-]+", "-", Path(options.figure).stem))
    arms = [text for label, arm in found.patients.arms.items() for text in ("", label, str(arm))]
    check = [] if found.check is None else ["", found.check]
    print(found.digitized, *arms, *check, "", *(f"Written: {path}" for path in written), sep="\n")


def _count(text: str) -> tuple[str, int]:
    label, _, count = text.rpartition("=")
    if not (label and count.isdigit()):
        raise OptionError(f"{text!r} is not LABEL=COUNT, such as placebo=120.")
    return label, int(count)


def _published(options: argparse.Namespace) -> dict[str, object] | None:
    """Return what a paper prints of the hazard ratio, if anything of it was given."""
    given = {"--hr": options.hr, "--ci": options.ci, "--control": options.control}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return None
    if missing:
        raise OptionError(f"{missing[0]} is missing: the check by a hazard ratio takes --hr, --ci and --control.")
    low, high = options.ci
    return {"hr": options.hr, "ci_low": low, "ci_high": high, "control": options.control}


def _stem(options: argparse.Namespace, where: Mapping[str, str]) -> str:
    """Return a beginning of file names that tells one question from another."""
    by = f"by_{options.by}" if options.by else ""
    asked = (options.outcome, options.measure or "", by, *(part for pair in where.items() for part in pair))
    return re.sub(r"[^\w.-]+", "-", "_".join(filter(None, asked)).lower())


def _pair(text: str) -> tuple[str, str]:
    column, sign, value = text.partition("=")
    if not (column and sign):
        raise OptionError(f"--where {text!r} is not COLUMN=VALUE.")
    return column, value


if __name__ == "__main__":
    sys.exit(main())
