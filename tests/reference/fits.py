"""Run fits.R on the data that lifelines ships, and pin what it says in fits.json: python tests/reference/fits.py"""

import json
import subprocess
import tempfile
from pathlib import Path

from lifelines.datasets import load_rossi, load_waltons

HERE = Path(__file__).parent


def main():
    """Write fits.json."""
    with tempfile.TemporaryDirectory() as folder:
        load_rossi().to_csv(Path(folder) / "rossi.csv", index=False)
        load_waltons().to_csv(Path(folder) / "waltons.csv", index=False)
        subprocess.run(["Rscript", str(HERE / "fits.R"), folder], check=True)
        said = json.loads((Path(folder) / "fits.json").read_text(encoding="utf-8"))
    (HERE / "fits.json").write_text(json.dumps(said) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
