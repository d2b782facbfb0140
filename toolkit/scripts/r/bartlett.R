# Bartlett's correction: the loss is divided by 1 + 2 C, C = sum w^3 / (sum w  sum w^2), where
# w = 1 / (v + tau^2) and v = 1 / (n E[p (1 - p)]): Hanada, Sugimoto 2025, arXiv 2508.08758.
allowed <- function(at) {
  chance <- averaged(function(p) p * (1 - p), at$mu, at$tau)
  w <- 1 / (1 / (studies$patients * chance) + at$tau^2)
  qchisq(level, 1) * (1 + 2 * sum(w^3) / (sum(w) * sum(w^2)))
}
