"""Inverse variance and the normal-normal model: effects with known sampling variances."""
