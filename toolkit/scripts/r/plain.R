allowed <- function(at) qchisq(level, 1)
