"""The dictionary of the columns of the evidence, from their one description."""

from collections.abc import Iterator

from metaonc.data.schema.tables import OUTCOMES, TABLES, Field

HEAD = """# Columns of the evidence

What each column of a table of evidence means and may hold. A table of your own (`mo.read_trials`) needs few of them,
under the names that people give them; a collection (`mo.load`) has all that apply. `mo.read_as(rows)` says which
column was read as which.
"""
TITLES = {
    "evidence": "Evidence: one row a set of figures",
    "arms": "Arms: one row an arm",
    "sources": "Sources: one row a document",
    "curves": "Curves: one row a published curve",
}


def holds(field: Field) -> str:
    """Return what a column may hold."""
    if field.allowed:
        return ", ".join(f"`{value}`" for value in field.allowed)
    limits = {"at least": field.minimum, "at most": field.maximum}
    said = [f"{word} {limit:g}" for word, limit in limits.items() if limit is not None]
    return "; ".join([field.kind, *said])


def pages() -> dict[str, str]:
    """Return the text of the page by its file."""
    return {"columns.md": "\n".join(lines())}


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield HEAD
    yield from ("## Outcomes", "", "| code | outcome | what it is |", "| --- | --- | --- |")
    yield from (f"| `{o.code}` | {o.title} | {o.kind} |" for o in OUTCOMES.values())
    for name, title in TITLES.items():
        yield from ("", f"## {title}", "", "| column | needed | holds | meaning |", "| --- | --- | --- | --- |")
        for field in TABLES[name].fields:
            yield f"| `{field.name}` | {'yes' if field.required else ''} | {holds(field)} | {field.description} |"
    yield ""
