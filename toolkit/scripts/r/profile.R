# Profile likelihoods. For each value of mu (or of the mean across studies) the best tau is found,
# and twice the log-likelihood lost is judged against an allowance.
tries <- c(0, 0.15, 0.35, 0.7, 1.2, 2, 3.5, 6, 12, 24)
spread <- function(value) {            # the best tau and the largest value of f(tau)
  height <- sapply(tries, value)
  near <- which.max(height) + c(-1, 1)
  found <- optimize(value, tries[pmin(pmax(near, 1), length(tries))], maximum = TRUE, tol = 1e-6)
  if (height[1] >= found$objective) c(0, height[1]) else c(found$maximum, found$objective)
}
mu_of <- function(eta, tau) {          # the mu at which the mean across studies is plogis(eta)
  if (tau == 0) return(eta)
  reach <- abs(eta) + 3 * tau^2 + 3
  uniroot(function(m) mean_of(m, tau) - plogis(eta), c(-reach, reach), tol = 1e-11)$root
}
of_median <- function(m) {
  found <- spread(function(tau) log_likelihood(m, tau))
  list(mu = m, tau = found[1], lost = 2 * (best - found[2]))
}
of_mean <- function(eta) {
  found <- spread(function(tau) log_likelihood(mu_of(eta, tau), tau))
  list(mu = mu_of(eta, found[1]), tau = found[1], lost = 2 * (best - found[2]))
}
end <- function(profile, from, direction, allowance) {
  excess <- function(value) {
    at <- profile(value)
    at$lost - allowance(at)
  }
  far <- 0.5
  while (far < 60 && excess(from + direction * far) < 0) far <- 1.5 * far
  if (far >= 60) return(direction * Inf)
  near <- if (far > 0.5) far / 1.5 else 0
  from + direction * uniroot(function(d) excess(from + direction * d), c(near, far), tol = 1e-8)$root
}
