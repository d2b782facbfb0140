"""Sheets: one schema, the files of a review, and the rows and nouns made of them."""
