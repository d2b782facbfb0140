"""The protocol of a review, as review.toml holds it."""
