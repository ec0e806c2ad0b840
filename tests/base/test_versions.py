"""show_versions says what pyproject.toml asks for, and what is there of it."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import metaonc as mo
from metaonc.base import versions

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


FOR_DEVELOPERS = ("test", "dev", "docs", "all")


def names(requirements):
    return tuple(re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in requirements)


def test_the_packages_are_those_of_the_project():
    assert names(PROJECT["dependencies"]) == versions.NEEDED
    extras = {name: names(given) for name, given in PROJECT["optional-dependencies"].items()}
    assert {name: extras[name] for name in extras if name not in FOR_DEVELOPERS} == versions.EXTRAS


def test_it_prints_what_it_returns(capsys):
    text = mo.show_versions()
    assert capsys.readouterr().out == f"{text}\n"
    assert text == repr(text)
    lines = dict(re.split(r"  +", line, maxsplit=1) for line in text.splitlines())
    assert lines["metaonc"] == mo.__version__
    assert lines["python"] == sys.version.split()[0]
    assert lines["pandas"] == metadata.version("pandas")
    assert set(lines) >= {"system", *versions.NEEDED, "rdata (extra kmdata)", "R", "Chromium"}


def test_what_is_not_there_is_said(monkeypatch):
    monkeypatch.setitem(versions.EXTRAS, "toy", ("no-such-package-of-metaonc",))
    assert "no-such-package-of-metaonc (extra toy)  not installed" in mo.show_versions()


def test_programs_that_fail_or_are_missing_are_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert versions.program("R") == "not installed"
    broken = tmp_path / "Rscript"
    broken.write_bytes(b"no program")
    broken.chmod(0o755)
    assert "does not answer" in versions.program("R")
