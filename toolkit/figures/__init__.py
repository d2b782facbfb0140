"""Figures drawn from the records of `toolkit.results` and `toolkit.review`.

Each module is named for what it draws; `page.files` and `page.svg` write a figure to disk and into
a page.
"""
