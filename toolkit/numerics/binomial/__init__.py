"""Exact binomial likelihoods: binomial-normal, beta-binomial, their fits and profiles."""
