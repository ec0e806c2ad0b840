"""Write tests/reference/README.md, how and with what each reference was made: ``python docs/make_references.py``."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "tests" / "reference"
PAGE = FOLDER / "README.md"
HEAD = """# Numbers of R

Each file of numbers lies beside the script that made it. Scripts of R (`.R`) call R's own functions; those of Python
that end in `_scripts.py` run in R the scripts that results of metaonc write (`r_code`), and pin what R says. R is no
dependency of the tests: they read the numbers alone.

To make a file again, run its command in the root of the repository, then `git diff`: with the same versions nothing
changes. The last column has the versions that the file holds, or those that the head of its script names; where it is
empty nobody wrote them down. All that are written down are R 4.2.2 with the packages of Debian 12 (metafor 3.8-1,
survival 3.5-3, lme4 1.1-31), with which many scripts that say none were run once more and gave the same bytes; meta,
metasens, bayesmeta, metaSurvival, survHE, survRM2 and coxme are not in Debian 12.

This page is written by `python docs/make_references.py`.
"""
IN_THE_FOLDER = ("phrase_book", "readers", "rubin")  # they write where they are run
BY_PYTHON = {"fits": "python tests/reference/fits.py"}  # which writes the data first
HELPERS = ("jsonlite", "stats")  # write the file, or are R itself
DEBIAN = {
    "metafor": "3.8-1",
    "survival": "3.5-3",
    "lme4": "1.1-31",
    "MASS": "7.3-58.2",
    "mvtnorm": "1.1-3",
    "BiasedUrn": "2.0.9",
}
AGAIN = (  # scripts that say no versions, run once more with those of DEBIAN: each file came out byte for byte
    "bounded", "correlated", "correlated_subsets", "cox", "crossed", "delayed_entry", "glmm_profile",
    "glmm_saddle", "glmm_two_arms", "interaction", "kmdata", "large_counts", "left_out_counts", "log_rank",
    "medians", "one_stage", "plan", "poisson_one_stage", "rmst", "survfit", "survival_models", "two_arms",
)  # fmt: skip
VERSION = r"\b(meta|metafor|bayesmeta|survHE|metaSurvival|mice) (\d+(?:[.-]\d+)+)"


def command(script: Path) -> str:
    """Return the command that makes the file, as the head of its script has it."""
    if script.stem in BY_PYTHON:
        return BY_PYTHON[script.stem]
    head = script.read_text(encoding="utf-8")[:900]
    if script.suffix == ".py":
        return re.search(r"cd tests; python -m [\w.]+|python tests/reference/\w+\.py", head)[0]  # type: ignore[index]
    given = re.search(rf"Rscript (?:tests/reference/)?{script.stem}\.R((?: [A-Z][A-Z.]+)*)", head)
    arguments = given[1] if given else ""
    if script.stem in IN_THE_FOLDER:
        to = " > rubin.json" if script.stem == "rubin" else ""
        return f"cd tests/reference; Rscript {script.name}{arguments}{to}"
    return f"Rscript tests/reference/{script.name}{arguments}"


def packages(script: Path) -> str:
    """Return the packages of R that a script attaches or asks for."""
    text = script.read_text(encoding="utf-8")
    if script.stem.endswith("_numbers"):
        return f"none: {script.stem.removesuffix('_numbers')} of Python"
    if script.suffix == ".py":
        return "as each script says"
    found = set(
        re.findall(r"(?:library|require|requireNamespace)\(\"?([A-Za-z0-9.]+)|\b([A-Za-z][A-Za-z0-9.]+)::", text)
    )
    names = {name for pair in found for name in pair if name} - {*HELPERS}
    return ", ".join(sorted(names, key=str.casefold)) or "R alone"


def versions(script: Path) -> str:
    """Return the versions that the file of a script holds, or its head names; nothing where nobody wrote them down."""
    told = json.loads(script.with_suffix(".json").read_text(encoding="utf-8"))
    told = told.get("versions", {}) if isinstance(told, dict) else {}
    pairs = told if isinstance(told, dict) else dict(zip(("R", packages(script)), told, strict=True))
    said = {name: one[0] if isinstance(one, list) else one for name, one in pairs.items()}
    if not said and script.suffix == ".R":
        said = dict(re.findall(VERSION, script.read_text(encoding="utf-8")[:900]))
    if not said and script.stem in AGAIN:
        said = {"R": "4.2.2", **{name: DEBIAN[name] for name in packages(script).split(", ") if name in DEBIAN}}
    plain = {name: re.sub(r"R version ([0-9.]+).*", r"\1", one) for name, one in said.items()}
    return ", ".join(f"{name} {one}" for name, one in plain.items())


def page() -> str:
    """Return the page: a row a script."""
    made = [p for p in sorted(FOLDER.iterdir()) if p.suffix == ".R" or p.stem.endswith(("_scripts", "_numbers"))]
    rows = [
        f"| `{p.stem}.json` | `{command(p)}` | {packages(p)} | {versions(p)} |"
        for p in made
        if p.suffix in {".R", ".py"}
    ]
    return "\n".join([HEAD, "| file | command | packages of R | versions |", "| --- | --- | --- | --- |", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
