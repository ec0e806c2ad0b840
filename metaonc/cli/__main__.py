"""The command by the name of its folder: ``python -m metaonc.cli``."""

from . import main

raise SystemExit(main())
