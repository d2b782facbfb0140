# The median study, expit(mu), and tau.
median_study <- plogis(quantiles(theta, rowSums(density), tails))
of_taus <- colSums(density)
of_taus[1] <- 2 * of_taus[1]
tau_quantiles <- quantiles(taus, of_taus, tails)

# The mean across studies, E[expit(mu + tau z)]: at each tau it rises with mu, so that the chance
# of not exceeding a value is that of mu below the place where the mean reaches it.
chances <- lapply(which(colSums(density) > 1e-12 * sum(density)), function(j) {
  kept <- which(density[, j] > 1e-13 * max(density[, j]))
  kept <- min(kept):max(kept)
  mean_logit <- qlogis(smoothed(spectra[, ncol(spectra), drop = FALSE], taus[j])[kept, 1])
  found <- below(theta[kept], density[kept, j])
  at <- splinefun(splinefun(theta[kept], mean_logit)(found$x), found$total)
  function(value) at(pmin(pmax(value, mean_logit[1]), mean_logit[length(kept)]))
})
chance <- function(value) sum(sapply(chances, function(each) each(value)))
mean_study <- plogis(sapply(tails, function(q) uniroot(
  function(value) chance(value) / chance(50) - q, c(-50, 50), tol = 1e-12)$root))
