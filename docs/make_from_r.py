"""Write from_r.md, the words of R's packages beside those of metaonc: run ``python docs/make_from_r.py``."""

from pathlib import Path

from phrase_book.phrases import HERE_DATA, NOT_RUN, OTHER_FIGURES, R_DATA, SECTIONS
from phrase_book.run import here, pinned

from metaonc.base.messages.r_words import ARGUMENTS, FUNCTIONS, LACKING, VALUES

PAGE = Path(__file__).with_name("from_r.md")
HEAD = f"""# Coming from R

What users of metafor, meta, netmeta, survival and their kin write, and what it is here. The same table speaks in
messages:
`mo.rma`, `mo.pool(table, method="FE")` and `mo.pool(table, sm="OR")` say what was meant. What has no counterpart is
"{LACKING}". Every result has `r_code()`, the R script that reproduces it.

Here the table comes first, columns are named in quotes, and `study=` names the trial:

```r
rma(yi, vi, data = dat, method = "DL", test = "knha", slab = author)
```

```python
import metaonc as mo

dat = {{"author": ["A", "B", "C"], "yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}}
mo.pool(dat, yi="yi", vi="vi", method="DL", ci="HKSJ", study="author")
```

This page is written from the table by `make_from_r.py`.
"""


def table(title, headers, rows):
    """Return a table with its title."""
    lines = [f"## {title}", "", f"| {' | '.join(headers)} |", f"|{' --- |' * len(headers)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def listed(names):
    """Return names as code."""
    return ", ".join(f"`{name}`" for name in names)


def functions(belongs):
    """Return a row a kind of function, of those that belong."""
    return [(listed(f.names), f.here) for f in FUNCTIONS if belongs(f.here)]


def is_figure(here):
    """Return whether it is a figure."""
    return here.startswith("mo.plot.")


def figures():
    """Return a row a figure."""
    return [*functions(is_figure), *((listed(there), here) for there, here in OTHER_FIGURES)]


def lacking():
    """Return the names of the functions that have no counterpart."""
    return listed([name for f in FUNCTIONS if f.here == LACKING for name in f.names])


def not_run():
    """Return a row a package that no number of this page is of."""
    return [(f"{package}: `{call}`", here, instead) for package, call, here, instead in NOT_RUN]


def arguments():
    """Return a row an argument."""
    for a in ARGUMENTS:
        of = f" of {', '.join(f'`{verb}`' for verb in a.verbs)}" if a.verbs else ""
        here = f"`{a.option}=`{of}" if a.option else ""
        yield listed(a.names), "; ".join(filter(None, (here, a.how)))


def values():
    """Return a row a value."""
    for v in VALUES:
        here = f"""`{v.of or v.option}="{v.here}"`""" if v.here else ""
        yield f"`{v.option}=`", listed(v.names), "; ".join(filter(None, (here, v.how)))


def numbers(values):
    """Return numbers as they stand in a row, to seven digits."""
    return ", ".join(f"{value:.7g}" for value in values)


def side_by_side():
    """Yield what people do, in both languages on the same data, with the numbers of each."""
    yield "## Side by side"
    yield "The same data in both. metafor's BCG trials and survival's lung cancer patients:"
    yield from (f"```r\n{R_DATA}```", f"```python\n{HERE_DATA}```")
    for title, phrases in SECTIONS.items():
        yield f"### {title}"
        for phrase in phrases:
            yield f"**{phrase.title}**"
            yield from (f"```r\n{phrase.r}\n```", f"```python\n{phrase.here}\n```")
            r, ours = numbers(pinned()[phrase.title]), numbers(here(phrase))
            yield f"| | {phrase.numbers} |\n| --- | --- |\n| R | {r} |\n| metaonc | {ours} |"
            if phrase.meta:
                yield f"In meta, not run here: `{phrase.meta}`."
            if phrase.differs:
                yield phrase.differs


def page():
    """Return the page."""
    return "\n\n".join([
        HEAD.rstrip(),
        *side_by_side(),
        table("Packages that are not run here", ("there", "here", "what its numbers are held to"), not_run()),
        table("Figures", ("there", "here"), figures()),
        table("Functions", ("there", "here"), functions(lambda here: not is_figure(here) and here != LACKING)),
        f"## Not there yet\n\n{lacking()}.",
        table("Arguments", ("in R", "here"), arguments()),
        table("Values", ("option", "in R", "here"), values()),
    ]) + "\n"  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
