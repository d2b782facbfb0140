
# The forest plot: Clopper-Pearson limits of each study, then the pool.
own <- t(mapply(function(low, high, n) c(
  (low + high) / (2 * n),
  if (low == 0) 0 else qbeta((1 - level) / 2, low, n - low + 1),
  if (high == n) 1 else qbeta((1 + level) / 2, high + 1, n - high)
), studies$events, studies$most, studies$patients))
counts <- ifelse(studies$events == studies$most, studies$events,
                 paste0(studies$events, "-", studies$most))
own_names <- paste0(studies$study, "  ", counts, "/", studies$patients)
