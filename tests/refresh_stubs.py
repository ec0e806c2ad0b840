"""Write the stubs of the lazy namespaces from their tables of names: run ``python tests/refresh_stubs.py``."""

from importlib import import_module
from pathlib import Path

NAMES = ("analysis.results", "analysis.sensitivity", "analysis.survival", "data.curves")
HEAD = '"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""'


def relative(module, package):
    """Return a module as a package imports it, with the dots in front."""
    theirs, ours = module.split("."), package.split(".")
    shared = next(i for i, (a, b) in enumerate(zip([*theirs, None], [*ours, ""], strict=False)) if a != b)
    return "." * (len(ours) - shared + 1) + ".".join(theirs[shared:])


def stub(space):
    """Return the text of the stub of a namespace."""
    rows = [(relative(module, space), theirs, name) for name, (module, theirs) in import_module(space)._HOMES.items()]
    rows.sort(key=lambda row: (-len(row[0]) + len(row[0].lstrip(".")), row))
    imports = [f"from {module} import {theirs} as {name}" for module, theirs, name in rows]
    names = [f'    "{name}",' for *_, name in sorted(rows, key=lambda row: row[2])]
    return "\n".join([HEAD, "", *imports, "", "__all__ = [", *names, "]", ""])


if __name__ == "__main__":
    for space in (f"metaonc.{name}" for name in NAMES):
        Path(import_module(space).__file__).with_suffix(".pyi").write_text(stub(space), encoding="utf-8")
