"""Arrays in, numbers out: the statistics of the toolkit, knowing no noun, no file and no plot.

Every function takes batches. Two letters name the shapes throughout:

- ``k`` series in a table, always the last axis: ``(..., k)``;
- ``B`` tables in a batch, any number of axes before it: ``(B, k)``, ``(A, B, k)``.

A boolean mask of the same shape says which series a table uses, so that leaving one out, cumulating
or taking every subset is a choice of masks, never a loop over fits. The letters of the literature
live here and nowhere else: ``y`` effects on the analysis scale, ``v`` their sampling variances,
``w`` weights, ``mu`` the pooled effect, ``tau2`` the variance between series.

Nothing is imported here: take what is needed from the module that is named after it.
"""
