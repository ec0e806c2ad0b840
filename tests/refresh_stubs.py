"""Write the stubs of the lazy namespaces from their tables of names: run ``python tests/refresh_stubs.py``."""

from importlib import import_module
from pathlib import Path

NAMES = ("", ".analysis.bias", ".analysis.results", ".analysis.sensitivity", ".analysis.simulation",
         ".analysis.survival", ".data.curves", ".report.plot")  # fmt: skip
HEAD = '"""The public names, for type checkers and editors; ``{}`` loads them when first used."""'


def relative(module, package):
    """Return a module as a package imports it, with the dots in front."""
    theirs, ours = module.split("."), package.split(".")
    shared = next(i for i, (a, b) in enumerate(zip([*theirs, None], [*ours, ""], strict=False)) if a != b)
    return "." * (len(ours) - shared + 1) + ".".join(theirs[shared:])


def kind(name):
    """Return the place of a name among those of one module: constants, classes, all else."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2


def stub(space):
    """Return the text of the stub of a namespace."""
    package = space.__name__ if hasattr(space, "__path__") else space.__package__
    homes = {"__version__": ("metaonc._version", "__version__")} if "__version__" in space.__all__ else {}
    rows = []
    for name, (module, theirs) in (homes | space._HOMES).items():
        home, theirs = (module, theirs) if theirs else module.rsplit(".", 1)  # without a name, the module itself
        rows.append((relative(home, package), theirs, name))
    rows.sort(key=lambda row: (-len(row[0]) + len(row[0].lstrip(".")), row[0], kind(row[1]), row[1].lower()))
    imports = [f"from {module} import {theirs} as {name}" for module, theirs, name in rows]
    names = [f'    "{name}",' for name in sorted(space.__all__, key=lambda name: (not name.isupper(), name))]
    head = HEAD.format(Path(space.__file__).name)
    return "\n".join([head, "", *imports, "", "__all__ = [", *names, "]", ""])


if __name__ == "__main__":
    for name in NAMES:
        space = import_module(f"metaonc{name}")
        Path(space.__file__).with_suffix(".pyi").write_text(stub(space), encoding="utf-8")
