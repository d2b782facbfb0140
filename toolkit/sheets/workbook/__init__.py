"""Workbooks: the template, what comes back, and whether a file is safe to open."""
