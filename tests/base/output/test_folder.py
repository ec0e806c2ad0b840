"""The folder of a run: all of its files or none, and nothing of the user is ever removed."""

import hashlib
import json
import os
import signal
import subprocess
import sys

import pytest

from metaonc.base.output.folder import FORMAT, MANIFEST, write_folder
from metaonc.errors import DataError, DataWarning

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
FIRST = {"a.csv": "1\n", "a.docx": b"first"}
SECOND = {"a.csv": "2\n", "b.html": "<p>"}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST}


def encoded(files):
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}


def manifest(folder):
    return json.loads((folder / MANIFEST).read_text("utf-8"))


def test_a_run_leaves_its_files_and_their_checksums(tmp_path):
    out = tmp_path / "new" / "out"
    assert write_folder(str(out), FIRST, run="τ²") == [out / "a.csv", out / "a.docx", out / MANIFEST]
    assert contents(out) == encoded(FIRST)
    record = manifest(out)
    assert (record["run"], record["complete"]) == ("τ²", True)
    for file in record["files"]:
        assert file["sha256"] == hashlib.sha256((out / file["name"]).read_bytes()).hexdigest()
    assert {file["name"] for file in record["files"]} == set(FIRST)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_another_run_is_refused_until_it_is_forced(tmp_path):
    write_folder(tmp_path / "out", FIRST, run="the first")
    with pytest.raises(DataError, match=r"holds the files of a run \(the first\): .* --force\."):
        write_folder(tmp_path / "out", SECOND, run="the second")
    assert contents(tmp_path / "out") == encoded(FIRST)
    write_folder(tmp_path / "out", SECOND, run="the second", force=True)
    assert contents(tmp_path / "out") == encoded(SECOND)
    assert manifest(tmp_path / "out")["run"] == "the second"
    assert len(manifest(tmp_path / "out")["files"]) == 2


def test_files_of_the_user_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "sub").mkdir()
    write_folder(tmp_path, FIRST, run="1")
    write_folder(tmp_path, SECOND, run="2", force=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == sorted([*SECOND, MANIFEST, "notes.txt", "sub"])


@pytest.mark.parametrize("force", [False, True])
def test_a_file_of_the_user_is_not_written_over(tmp_path, force):
    (tmp_path / "a.docx").write_text("mine")
    with pytest.raises(DataError, match=r"a.docx' is there, and no run is on record .* move it, or give another"):
        write_folder(tmp_path, FIRST, run="1", force=force)
    assert os.listdir(tmp_path) == ["a.docx"]


def test_an_edited_file_stays_and_is_named(tmp_path):
    write_folder(tmp_path, FIRST, run="1")
    (tmp_path / "a.docx").write_bytes(b"edited")
    with pytest.warns(DataWarning, match=r"changed since a run wrote them, so they stay: 'a.docx'\."):
        write_folder(tmp_path, SECOND, run="2", force=True)
    assert contents(tmp_path) == encoded(SECOND) | {"a.docx": b"edited"}
    (tmp_path / "a.csv").write_text("edited")
    with pytest.raises(DataError, match=r"a.csv' was changed since a run wrote it: move it, or give another folder"):
        write_folder(tmp_path, SECOND, run="3", force=True)
    assert manifest(tmp_path)["run"] == "2"
    assert (tmp_path / "b.html").read_text() == "<p>"


@posix
def test_an_own_file_that_became_a_link_counts_as_changed(tmp_path):
    write_folder(tmp_path / "out", FIRST, run="1")
    (tmp_path / "out" / "a.csv").rename(tmp_path / "kept.csv")
    (tmp_path / "out" / "a.csv").symlink_to(tmp_path / "kept.csv")
    with pytest.raises(DataError, match=r"a.csv' was changed"):
        write_folder(tmp_path / "out", SECOND, run="2", force=True)
    assert (tmp_path / "kept.csv").read_text() == "1\n"


def test_a_removed_file_is_written_anew(tmp_path):
    write_folder(tmp_path, FIRST, run="1")
    (tmp_path / "a.csv").unlink()
    (tmp_path / "a.docx").unlink()
    write_folder(tmp_path, FIRST, run="2", force=True)
    assert contents(tmp_path) == encoded(FIRST)


SHA = "0" * 64


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '"text"',
        '{"name": "an app", "files": []}',
        "[" * 100_000,
        json.dumps({"format": FORMAT, "run": "x", "complete": True, "files": [{"name": "../kept", "sha256": SHA}]}),
        json.dumps({"format": FORMAT, "run": "x", "complete": True, "files": [{"name": "..", "sha256": SHA}]}),
        json.dumps({"format": FORMAT, "run": "x", "complete": True, "files": [{"name": 3, "sha256": SHA}]}),
        json.dumps({"format": FORMAT, "run": "x", "complete": True, "files": [{"name": "a", "sha256": "?"}]}),
    ],
)
def test_a_manifest_of_something_else_is_refused(tmp_path, text, force):
    (tmp_path / "out").mkdir()
    (tmp_path / "kept").write_text("")
    (tmp_path / "out" / MANIFEST).write_text(text)
    with pytest.raises(DataError, match=r"manifest.json that no run of metaonc wrote: move it, or give another folder"):
        write_folder(tmp_path / "out", FIRST, run="1", force=force)
    assert os.listdir(tmp_path / "out") == [MANIFEST]
    assert (tmp_path / "kept").exists()


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("mine")
    for place in ("out", "out/deeper", "out/two/deeper"):
        with pytest.raises(
            DataError, match=r"the folder .* cannot be written to: File exists, '.*out', which is no folder"
        ):
            write_folder(tmp_path / place, FIRST, run="1")
    with pytest.raises(DataError, match=r"cannot be written to: embedded null byte"):
        write_folder(f"{tmp_path}\0", FIRST, run="1")
    assert (tmp_path / "out").read_text() == "mine"


@posix
def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to("there")
    for force in (False, True):  # not there yet, and there
        write_folder(tmp_path / "link", FIRST, run="1", force=force)
        assert (tmp_path / "link").is_symlink()
        assert contents(tmp_path / "there") == encoded(FIRST)


@posix
def test_the_folder_in_which_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_folder(".", FIRST, run="1")
    write_folder("", SECOND, run="2", force=True)
    assert contents(tmp_path) == encoded(SECOND)


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o555)
    for out in (tmp_path, tmp_path / "out"):
        with pytest.raises(DataError, match=r"cannot be written( to)?: Permission denied"):
            write_folder(out, FIRST, run="1")
    tmp_path.chmod(0o755)
    assert os.listdir(tmp_path) == []


FULL = """
import resource, sys
from metaonc.base.output.folder import write_folder
from metaonc.errors import DataError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_folder(sys.argv[1], {"a.csv": "2", "large.pdf": "x" * 5000}, run="large", force=True)
except DataError as problem:
    print(problem)
"""


@posix
def test_without_space_nothing_changes(tmp_path):
    for out in (tmp_path / "new", tmp_path / "old"):
        if out.name == "old":
            write_folder(out, FIRST, run="1")
        said = subprocess.run([sys.executable, "-c", FULL, out], capture_output=True, text=True).stdout
        assert "cannot be written" in said
        assert ": File too large." in said
    assert os.listdir(tmp_path) == ["old"]
    assert contents(tmp_path / "old") == encoded(FIRST)
    assert manifest(tmp_path / "old")["complete"]


KILLED = """
import os, signal, sys
from pathlib import Path
from metaonc.base.output import folder, writing
step, out = int(sys.argv[1]), sys.argv[2]
def counted(call):
    def counting(*arguments, **options):
        global step
        step -= 1
        if step == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return counting
def in_parts(path, content):
    path.write_bytes(content[:1])
    path.write_bytes(content)
writing.write_new = folder.write_new = in_parts
Path.write_bytes = counted(Path.write_bytes)
for name in ("replace", "rename", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
folder.write_folder(out, {"a.csv": "2\\n", "b.html": "<p>"}, run="2", force=True)
print("whole")
"""


@posix
@pytest.mark.parametrize("there", [False, True])
def test_a_run_killed_at_any_step_never_looks_whole(tmp_path, there):
    for step in range(1, 30):
        out = tmp_path / f"{step}"
        if there:
            write_folder(out, FIRST, run="1")
        done = subprocess.run([sys.executable, "-c", KILLED, str(step), out], capture_output=True, text=True)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        if not there:
            assert not out.exists()
            continue
        seen = {name: content for name, content in contents(out).items() if not name.endswith(".partial")}
        if manifest(out)["complete"]:
            assert seen == encoded(FIRST if manifest(out)["run"] == "1" else SECOND)
        else:
            assert set(seen.items()) <= {*encoded(FIRST).items(), *encoded(SECOND).items()}  # each file is whole
            with pytest.raises(DataError, match=r"a run that was not finished .* --force"):
                write_folder(out, SECOND, run="3")
        write_folder(out, SECOND, run="3", force=True)
        assert {n: c for n, c in contents(out).items() if not n.endswith(".partial")} == encoded(SECOND)
    assert done.stdout == "whole\n"
    assert step > 3
