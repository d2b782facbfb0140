"""What makes a reference is kept beside it and needs libraries that the tests do not."""

collect_ignore = ["ladder_sampler.py"]
