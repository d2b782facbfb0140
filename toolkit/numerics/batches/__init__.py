"""Thousands of tables at once, from one table of likelihoods."""
