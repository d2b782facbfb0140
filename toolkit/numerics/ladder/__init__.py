"""Ordered outcomes pooled together: each a part of the one above, some of them not reported.

Letters, fixed for the package: k series, J steps, S points (mu_1, tau_1, .., mu_J, tau_J). Rung j
is reached from rung j - 1 (rung 0 is the total) by a step with its own mu_j and tau_j.
"""
