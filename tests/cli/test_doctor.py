"""``metaonc doctor`` says what is there, what may be added, and fails where something needed does not work."""

import pytest

from metaonc.base import versions
from metaonc.cli import doctor, main


@pytest.fixture(autouse=True)
def _no_programs(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_every_extra_and_program_has_a_purpose():
    assert set(doctor.PURPOSES) == {*versions.EXTRAS, *versions.PROGRAMS}


def test_where_all_works(capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("metaonc ")
    assert "\nAll that is needed works.\n" in out
    assert "  R, for a second programmer's check" in out


def test_what_is_broken_or_not_there_is_said(capsys, monkeypatch):
    def fails():
        raise OSError("no room")

    monkeypatch.setattr(doctor, "NEEDED", ("numpy", "no-such-package"))
    monkeypatch.setitem(doctor.CHECKS, "the font of the figures", fails)
    monkeypatch.setitem(doctor.EXTRAS, "excel", ("no-such-package",))
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "Does not work:\n  no-such-package is not installed: pip install no-such-package\n" in out
    assert "  the font of the figures fails: OSError: no room\n" in out
    assert "  excel, for workbooks, read and written: pip install 'metaonc[excel]'" in out
