"""``python -m metaonc``: the program ``metaonc``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
