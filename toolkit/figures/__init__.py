"""Figures drawn from the records of `toolkit.synthesis` and `toolkit.review`, one module each.

Each module is named for what it draws; `files` and `inline` write a figure to disk and into a page.
"""
