"""The desk: a local page on which a paper, the sheet of a series and the forest plot stand."""
