"""The audit: what papers say against themselves, in neutral words, with both places."""
