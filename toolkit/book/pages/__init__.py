"""The pages of the book, one module each."""
