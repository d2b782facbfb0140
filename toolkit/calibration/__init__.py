"""How often each interval holds what it should, by simulation: for one answer, and over a grid.

`card` is for series of the sizes of one answer, `grid` for the whole range of small case series.
"""
