"""What says of the package what it is says the same everywhere; the paper cites what it lists."""

import json
import re
import tomllib
from pathlib import Path

import metaonc as mo

ROOT = Path(__file__).parents[1]


def text(name):
    return (ROOT / name).read_text("utf-8")


def test_the_version_is_the_same_everywhere():
    cited = re.search(r"^version: (.+)$", text("CITATION.cff"), re.M)[1]
    said = [cited, *(json.loads(text(name))["version"] for name in ("codemeta.json", ".zenodo.json"))]
    assert said == [mo.__version__] * 3
    assert f"## {mo.__version__}" in text("CHANGELOG.md")


def test_name_and_description_are_the_same_everywhere():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    code, deposit = (json.loads(text(name)) for name in ("codemeta.json", ".zenodo.json"))
    assert {code["description"], deposit["description"]} == {project["description"]}
    assert f'title: "{deposit["title"]}"' in text("CITATION.cff")
    assert f'title: "{deposit["title"]}"' in text("paper.md")
    assert project["requires-python"].removeprefix(">=") in code["runtimePlatform"]
    assert project["license"].split()[0] == deposit["license"] == code["license"].rpartition("/")[2]
    authors = {author["name"] for author in project["authors"]}
    assert authors == {one["name"] for one in code["author"]} == {one["name"] for one in deposit["creators"]}


def test_the_paper_cites_what_it_lists():
    listed = re.findall(r"^@\w+\{(\w+),", text("paper.bib"), re.M)
    cited = {key for group in re.findall(r"\[(@[^]]+)\]", text("paper.md")) for key in re.findall(r"@(\w+)", group)}
    assert len(listed) == len(set(listed)) > 10
    assert set(listed) == cited
    assert 750 < len(text("paper.md").split()) < 1300


def test_workflows_run_the_sessions_of_nox_and_nothing_else():
    flows = "".join(path.read_text("utf-8") for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")))
    sessions = set(re.findall(r"^@nox\.session\ndef (\w+)", text("noxfile.py"), re.M))
    matrix = re.search(r"session: \[(.+)\]", flows)[1].split(", ")
    assert {*matrix, *re.findall(r"nox -s (\w+)", flows)} == sessions - {"benchmarks"}  # which takes two checkouts
    runs = {run for run in re.findall(r"run: (.+)", flows) if not run.startswith(("nox -s", "test "))}
    assert runs == {"pip install nox"}
