"""Whatever stands in a file, its reader gives a value or an error of the package that is short: nothing else."""

from __future__ import annotations

import random
import warnings
import zlib

import pytest
from fuzz import mutate, seeds

from metaonc.errors import MetaoncError

LONGEST = 3_000  # characters of a message
QUICK, LONG = 12, 600  # files a reader


def problems(name, count, folder, number=1):
    """What leaves a reader besides values and errors of the package, by the number of the file."""
    known = seeds.seeds(folder)
    read, seed = known[name]
    others = [content for _, content in known.values()]
    found = []
    for k in range(count):
        rng = random.Random(zlib.crc32(f"{name} {number} {k}".encode()))
        path = folder / name
        path.write_bytes(mutate.mutated(seed, rng.choice(others), rng))
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            warnings.simplefilter("ignore", UserWarning)
            try:
                read(path)
            except MetaoncError as problem:
                if len(str(problem)) > LONGEST:
                    found.append((k, f"a message of {len(str(problem))} characters"))
            except Exception as problem:
                found.append((k, repr(problem)))
    return found


NAMES = ("trials.csv", "trials.xlsx", "escalc.csv", "curves.csv", "review.rm5", "review.zip", "record.json",
         "adtte.csv", "adtte.xpt", "trial.rda",
         "audit.csv", "at_risk.csv", "points.csv", "project.json", "project.tar", "document.dig",
         "figure.svg", "figure.pdf", "figure.png", "figure.jpg", "replay.json", "result.json")  # fmt: skip


def test_each_reader_takes_its_seed_and_each_is_here(tmp_path):
    known = seeds.seeds(tmp_path)
    assert set(known) == set(NAMES)
    for name, (read, content) in known.items():
        (tmp_path / name).write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            read(tmp_path / name)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_made_wrong_is_read_or_refused(name, tmp_path):
    assert problems(name, QUICK, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_many_files_made_wrong_are_read_or_refused(name, tmp_path):
    assert problems(name, LONG, tmp_path, number=2) == []
