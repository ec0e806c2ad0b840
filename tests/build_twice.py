"""Build wheel and sdist twice and refuse where the files differ: ``python tests/build_twice.py FOLDER``."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def build(folder: Path) -> dict[str, str]:
    """Build into a folder; return the checksum of each file."""
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1577836800"})
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("metaonc-*"))}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as again:
        first, second = build(Path(sys.argv[1])), build(Path(again))
    if first != second:
        raise SystemExit(f"two builds of one checkout differ: {first} and {second}")
    print("\n".join(f"{checksum}  {name}" for name, checksum in first.items()))
