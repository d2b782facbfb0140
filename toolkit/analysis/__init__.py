"""A review, an outcome and a method in; answers out."""
