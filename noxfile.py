"""Sessions of ``nox``: each is what a workflow of the forge runs, in an environment of its own."""

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "tests", "docs", "package"]


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    session.install(".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the tests that take more than two seconds of a processor and prove what few changes touch."""
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
    session.run("pytest", "--cov=metaonc", "--cov-report=json:coverage.json", *session.posargs)
    session.run("python", "tests/coverage_by_layer.py", "coverage.json")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and layers."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site; a warning is an error."""
    session.install(".[docs]")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "docs", "docs/_build/html")


@nox.session
def package(session: nox.Session) -> None:
    """Build wheel and sdist, look into both, and install from the sdist."""
    session.install("build", "twine", "check-wheel-contents")
    out = session.create_tmp()
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
    """Check the workflows of the forge."""
    session.install("zizmor", "check-jsonschema")
    session.run("zizmor", "--offline", ".github")
    schema = "check-jsonschema --builtin-schema vendor.github-workflows"
    session.run("bash", "-c", f"{schema} .github/workflows/*.yml", external=True)
    session.run("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
