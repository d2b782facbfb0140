"""The audit: what papers say against themselves, told neutrally, with both places."""
