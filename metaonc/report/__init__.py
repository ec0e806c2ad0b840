"""Layer 3: figures, tables and reports."""
