"""Pool what small case series report."""
