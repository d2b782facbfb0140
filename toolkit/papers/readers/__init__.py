"""One reader for each form in which a paper arrives; all give the same kind of document."""
