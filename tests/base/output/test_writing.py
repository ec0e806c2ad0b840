"""Files are whole or not there, whatever stops their writing."""

import os
import signal
import stat
import subprocess
import sys
import threading

import pytest

from metaonc.base.output.writing import write_file, write_files
from metaonc.errors import DataError

as_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere")
posix = pytest.mark.skipif(os.name != "posix", reason="signals, limits and devices of POSIX")


def child(code, *arguments):
    return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True)


def test_text_is_utf8_and_lines_end_as_they_do(tmp_path):
    assert write_file(str(tmp_path / "a"), "τ²\r\nα\n") == tmp_path / "a"
    assert (tmp_path / "a").read_bytes() == "τ²\r\nα\n".encode()
    assert write_file(tmp_path / "a", b"\x00").read_bytes() == b"\x00"
    assert os.listdir(tmp_path) == ["a"]


@posix
def test_a_new_file_has_the_permissions_of_any_other_and_an_old_one_keeps_its_own(tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("")
    assert write_file(tmp_path / "new", "").stat().st_mode == plain.stat().st_mode
    plain.chmod(0o640)
    assert stat.S_IMODE(write_file(plain, "x").stat().st_mode) == 0o640


@posix
def test_a_link_stays_and_its_file_is_renewed(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "to_new").symlink_to("new")
    for link, name in (("link", "real"), ("to_new", "new")):
        write_file(tmp_path / link, "renewed")
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / name).read_text() == "renewed"


@posix
def test_a_device_and_a_pipe_are_written_to_and_stay_what_they_are(tmp_path):
    write_file("/dev/null", "gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    os.mkfifo(tmp_path / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_text()))
    reader.start()
    write_file(tmp_path / "pipe", "through")
    reader.join()
    assert got == ["through"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("folder", "", "folder' cannot be written: Is a directory"),
        ("none/a", "", "none/a' cannot be written: No such file"),
        ("old/a", "", "old/a' cannot be written: Not a directory"),
        ("a\0b", "", "cannot be written: embedded null byte"),
        ("a" * 300, "", "cannot be written: File name too long"),
        ("round", "", "cannot be written: Too many levels of symbolic links"),
        ("a", "\ud800", "a' cannot be written: 'utf-8' codec"),
    ],
)
@posix
def test_what_cannot_be_written_is_named_with_the_reason(tmp_path, name, content, says):
    (tmp_path / "folder").mkdir()
    (tmp_path / "old").write_text("old")
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(DataError, match=says):
        write_file(tmp_path / name, content)
    assert sorted(os.listdir(tmp_path)) == ["folder", "old", "round"]
    assert (tmp_path / "old").read_text() == "old"


@as_root
def test_a_file_or_folder_that_may_not_be_written_is_left(tmp_path):
    write_file(tmp_path / "old", "old").chmod(0o444)
    with pytest.raises(DataError, match="old' cannot be written: Permission denied"):
        write_file(tmp_path / "old", "new")
    tmp_path.chmod(0o555)
    with pytest.raises(DataError, match="new' cannot be written: Permission denied"):
        write_file(tmp_path / "new", "new")
    tmp_path.chmod(0o755)
    assert (tmp_path / "old").read_text() == "old"


FULL = """
import resource, sys
from pathlib import Path
from metaonc.base.output.writing import write_files
from metaonc.errors import DataError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_files({Path(sys.argv[1]) / "small": "new", Path(sys.argv[1]) / "large": "x" * 5000})
except DataError as problem:
    print(problem)
"""


@posix
def test_without_space_for_all_nothing_changes(tmp_path):
    (tmp_path / "small").write_text("old")
    assert "large' cannot be written: File too large." in child(FULL, tmp_path).stdout
    assert os.listdir(tmp_path) == ["small"]
    assert (tmp_path / "small").read_text() == "old"
    with pytest.raises(DataError, match="'/dev/full' cannot be written: No space left on device"):
        write_file("/dev/full", "x")


KILLED = """
import os, signal, sys
from pathlib import Path
from metaonc.base.output import writing
def killed(path, content):
    path.write_bytes(content[:3])
    os.kill(os.getpid(), signal.SIGKILL)
writing.write_new = killed
writing.write_file(Path(sys.argv[1]), "a new text")
"""


@posix
def test_a_killed_process_leaves_the_file_before(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    assert child(KILLED, tmp_path / "a.csv").returncode == -signal.SIGKILL
    assert (tmp_path / "a.csv").read_text() == "old"
    (left,) = [path for path in tmp_path.iterdir() if path.name != "a.csv"]
    assert (left.name.startswith("."), left.suffix) == (True, ".partial")


def test_several_files_are_put_in_their_places_when_all_are_written(tmp_path):
    with pytest.raises(DataError, match="none"):
        write_files({tmp_path / "a": "a", tmp_path / "none" / "b": "b"})
    assert os.listdir(tmp_path) == []
    write_files({tmp_path / "a": "a", tmp_path / "b": "b"})
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]
