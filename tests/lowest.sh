#!/usr/bin/env bash
# The suite with the oldest versions that pyproject.toml admits, in a new virtual environment.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
python3 -m venv "$venv"
source "$venv/bin/activate"
pip install --quiet --upgrade pip
python - >"$venv/lowest.txt" <<'PYTHON'
import re
import tomllib

project = tomllib.load(open("pyproject.toml", "rb"))["project"]
extras = [need for name in ("kmdata", "excel", "word", "digitize") for need in project["optional-dependencies"][name]]
for need in project["dependencies"] + extras:
    print(re.sub(">=", "==", need))
print("pyparsing<3.3")  # which newer ones matplotlib 3.10.0 calls by names that are deprecated
PYTHON
cat "$venv/lowest.txt"
pip install --quiet -c "$venv/lowest.txt" ".[test]"
pytest "$@"
