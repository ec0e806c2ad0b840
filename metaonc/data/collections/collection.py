"""The packaged collections of published evidence: what there is, and one of them as tables."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...base.messages.arguments import known_arguments
from ...errors import DataError, DatasetError
from ..schema.curve_fields import COORDINATES, CURVE_TABLES
from ..schema.tables import OUTCOMES, TABLES, VERIFICATIONS

if TYPE_CHECKING:
    from .published_curves import Curves

_OF_THE_ARM = ["registry_id", "arm", "regimen", "treatment", "population", "line", "nested_in"]
_SHOWN = (".trials", ".response", ".survival", ".evidence", ".curves", ".sources")
_UNREAD = "    Unverified figures were not read in their source: check them before they carry a conclusion."
_CAUTION = (
    "    {} of the unverified rows were read in part (read_fields), the others not at all: check what was not read "
    "before it carries a conclusion."
)
_MEANT = {"read": "read in the source", "reproduced": "reproduced by arithmetic", "unverified": "unverified"}


@dataclass(frozen=True, slots=True, repr=False)
class Collection:
    """A collection of published results; made by `load`.

    Attributes
    ----------
    name, title
        Its short name and what it is about.
    licence, citation
        Terms of the compilation, and how to cite it.
    trials
        One row an arm: what was given to whom, and how many rows of evidence report it.
    evidence
        One row a set of figures, beside the arm it belongs to and the covariates of its trial;
        ``metaonc.data.schema.TABLES["evidence"]`` has the columns. Superseded cuts and nested arms are in it, marked by
        `supersedes` and `nested_in`: never pool it whole.
    sources
        One row a document, by the `source_id` of the evidence.
    extra
        Further tables by name (``load("defactinib").extra["corrections"]``); mostly empty.
    """

    name: str
    title: str
    licence: str
    citation: str
    trials: pd.DataFrame
    evidence: pd.DataFrame
    sources: pd.DataFrame
    extra: Mapping[str, pd.DataFrame]

    @property
    def response(self) -> pd.DataFrame:
        """Rows of evidence on response and disease control (orr, cr, dcr)."""
        return self._rows_on("response")

    @property
    def survival(self) -> pd.DataFrame:
        """Rows of evidence on times (pfs, dfs, os, dor) and on rates at a time (pfs_rate, dfs_rate, os_rate)."""
        return self._rows_on("survival")

    @property
    def curves(self) -> Curves:
        """Published curves that were digitised, and medians and rates of the evidence as published points.

        Their coordinates are read when asked for. Published points are in months, a month being 30.4375 days; those of
        one set are of the same arm, subgroup, endpoint, assessor and data cut, and `verification` is that of the
        weakest; superseded cuts are in it, as in `evidence` (`current` is without). An arm and subgroup with a
        digitised curve has no set for the same endpoint.

        Raises
        ------
        DatasetError
            A file is not the one that datapackage.json describes.
        """
        from .published_points import collected

        tables = _tables(_package(), self.name, ("curves", *COORDINATES))
        return collected(tables, self.trials, self.evidence)

    def _rows_on(self, about: str) -> pd.DataFrame:
        outcomes = [o.code for o in OUTCOMES.values() if o.about == about]
        return self.evidence[self.evidence["outcome"].isin(outcomes)].reset_index(drop=True)

    def current(self) -> Collection:
        """Return the collection without rows that a newer row supersedes and without arms nested in another.

        What one pool may hold is decided by ``metaonc.select``, which also knows that an older row may
        report what the newer does not.
        """
        old = {name for names in self.evidence["supersedes"].dropna() for name in str(names).split()}
        kept = ~self.evidence["row_id"].isin(old) & self.evidence["nested_in"].isna()
        return self._of(self.evidence[kept])

    def subgroup(self, variable: str, level: str | None = None) -> Collection:
        """Return the collection with the rows of one subgroup variable, such as KRAS, and of one of its levels.

        Parameters
        ----------
        variable
            Name in the column `subgroup_variable`, whatever its case.
        level
            Name in the column `subgroup_level`, whatever its case; None for all of them.

        Raises
        ------
        DataError
            There is no such variable or level; the message lists those there are.
        """
        rows = self.evidence
        for column, name in (("subgroup_variable", variable), ("subgroup_level", level)):
            if name is None:
                continue
            here = rows[column].str.casefold() == name.casefold()
            if not here.any():
                known = ", ".join(map(repr, rows[column].dropna().unique())) or "none"
                raise DataError(f"{name!r} is no {column} of {self.name!r}; it has {known}.")
            rows = rows[here]
        return self._of(rows)

    def _of(self, rows: pd.DataFrame) -> Collection:
        """Return the collection of these rows, with the arms and documents that they name."""
        arms = self.trials[self.trials["arm_id"].isin({*rows["arm_id"], *rows["comparator"].dropna()})]
        return replace(
            self,
            trials=arms.assign(rows=arms["arm_id"].map(rows["arm_id"].value_counts())).reset_index(drop=True),
            evidence=rows.reset_index(drop=True),
            sources=self.sources[self.sources["source_id"].isin(rows["source_id"])].reset_index(drop=True),
        )

    def __str__(self) -> str:
        counts = self.evidence["outcome"].value_counts()
        verified = self.evidence["verification"].value_counts()
        outcomes = ", ".join(f"{code} {counts[code]}" for code in OUTCOMES if code in counts)
        how = ", ".join(f"{verified.get(v, 0)} {_MEANT[v]}" for v in VERIFICATIONS)
        trials = self.trials["trial"].nunique()
        lines = [
            f"{self.name}: {self.title}",
            f"  {trials} trials, {len(self.trials)} arms, {len(self.evidence)} rows ({outcomes})",
            f"  Verification: {how}",
            f"  Tables: {', '.join((*_SHOWN, *self._extras()))}",
            f"  Cite: {self.citation} Licence of the compilation: {self.licence}.",
        ]
        if verified.get("unverified", 0):
            unread = self.evidence["verification"].eq("unverified")
            partly = int((unread & self.evidence["read_fields"].notna()).sum())
            lines.insert(3, _CAUTION.format(partly) if partly else _UNREAD)
        return "\n".join(lines)

    __repr__ = __str__

    def _extras(self) -> list[str]:
        return [f".extra[{name!r}]" for name in self.extra]

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def datasets() -> pd.DataFrame:
    """List the packaged collections.

    Returns
    -------
    pandas.DataFrame
        One row a collection, indexed by name: title, numbers of trials, arms and rows, how many rows are read,
        reproduced and unverified, and the licence of the compilation.

    Examples
    --------
    >>> import metaonc as mo
    >>> "lgsoc" in mo.datasets().index
    True
    """
    return pd.DataFrame([_summary(load(name)) for name in names()]).set_index("name")


def names() -> list[str]:
    """Return the names of the packaged collections, without reading their tables."""
    return [c["name"] for c in _package()["collections"]]


@known_arguments
def load(name: str) -> Collection:
    """Return a packaged collection.

    Parameters
    ----------
    name : str
        One of the names that `datasets` lists.

    Returns
    -------
    Collection
        Evidence of its trials and what stands beside it, each row with its source.

    Raises
    ------
    DatasetError
        There is none of that name, or a file is not the one that datapackage.json describes.

    Examples
    --------
    >>> import metaonc as mo
    >>> rows = mo.load("lgsoc").evidence.set_index("row_id")
    >>> float(rows.loc["frame-lgsoc-all-orr-2025", "events"])
    11.0
    """
    package = _package()
    about = {c["name"]: c for c in package["collections"]}
    if name not in about:
        near = get_close_matches(str(name), about, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise DatasetError(f"there is no collection {name!r}; there are {', '.join(map(repr, about))}.{hint}")
    held = [path.stem for r in package["resources"] if (path := PurePosixPath(r["path"])).parent.name == name]
    tables = _tables(package, name, [table for table in held if table not in CURVE_TABLES])
    arms, evidence, sources = (tables.pop(table) for table in ("arms", "evidence", "sources"))
    if "covariates" in tables:
        wide = _wide(tables.pop("covariates"))
        arms, evidence = arms.join(wide, on="trial"), evidence.join(wide, on="trial")
    rows = evidence["arm_id"].value_counts().rename("rows")
    return Collection(
        name=name,
        title=about[name]["title"],
        licence=package["licenses"][0]["name"],
        citation=about[name]["citation"],
        trials=arms.join(rows, on="arm_id"),
        evidence=evidence.join(arms.set_index("arm_id")[_OF_THE_ARM], on="arm_id"),
        sources=sources,
        extra=MappingProxyType(tables),
    )


def _summary(c: Collection) -> dict[str, Any]:
    verified = c.evidence["verification"].value_counts()
    counts = {"trials": c.trials["trial"].nunique(), "arms": len(c.trials), "rows": len(c.evidence)}
    how = {v: int(verified.get(v, 0)) for v in VERIFICATIONS}
    return {"name": c.name, "title": c.title, **counts, **how, "licence": c.licence}


def _wide(covariates: pd.DataFrame) -> pd.DataFrame:
    """Return one row a trial and one column a variable, in the file's order; a number where all values are numbers."""
    wide = covariates.pivot(index="trial", columns="variable", values="value")[covariates["variable"].unique()]
    numbers = wide.apply(pd.to_numeric, errors="coerce")
    whole = [c for c in wide if numbers[c].notna().equals(wide[c].notna())]
    return wide.astype(object).assign(**{str(c): numbers[c] for c in whole})


def _home() -> Traversable:
    """Return the folder of the data: inside an installed package, or beside the package in a checkout."""
    installed = files("metaonc") / "_datasets"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "datasets"


def _package() -> dict[str, Any]:
    package: dict[str, Any] = json.loads((_home() / "datapackage.json").read_text(encoding="utf-8"))
    return package


def _tables(package: Mapping[str, Any], name: str, wanted: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return these tables of a collection; one that it does not have has no rows."""
    resources = {r["path"]: r for r in package["resources"]}
    return {
        table: _read(resources[path]) if path in resources else pd.DataFrame(columns=TABLES[table].names())
        for table in wanted
        for path in (f"{name}/{table}.csv",)
    }


def _read(resource: Mapping[str, Any]) -> pd.DataFrame:
    folder, file = resource["path"].split("/")
    content = (_home() / folder / file).read_bytes()
    if "sha256:" + hashlib.sha256(content).hexdigest() != resource["hash"]:
        raise DatasetError(
            f"{resource['path']} is not the file that datapackage.json describes: its checksum differs. "
            "Install metaonc anew, or refresh datapackage.json if you changed the file."
        )
    fields = TABLES[file.removesuffix(".csv")].fields
    kinds: Any = {f.name: float if f.kind in ("number", "count") else str for f in fields}
    table = pd.read_csv(io.BytesIO(content), dtype=kinds, keep_default_na=False, na_values=[""])
    text = [name for name, kind in kinds.items() if kind is str and name not in table]
    return table.reindex(columns=list(kinds)).astype(dict.fromkeys(text, object))
