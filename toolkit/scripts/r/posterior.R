# The posterior on a grid of mu (locations, logits) and tau; expit(mu) uniform, tau half-normal.
# A study's likelihood over all mu at one tau is that at tau = 0 smoothed by a normal law: a
# product of Fourier transforms (mirrored at the ends, so that nothing jumps there).
fine <- min(0.05, 0.8 / sqrt(max(studies$patients)))
half <- 2^ceiling(log2(50 / fine))
theta <- fine * ((-half):(half - 1) + 0.5)
mirrored <- function(f) rbind(f, f[rev(seq_len(nrow(f))), , drop = FALSE])
frequency <- 2 * pi / (4 * half * fine) * c(0:(2 * half), -((2 * half - 1):1))
smoothed <- function(spectrum, tau) {
  back <- mvfft(spectrum * exp(-(tau * frequency)^2 / 2), inverse = TRUE)
  pmax(Re(back[seq_along(theta), , drop = FALSE]) / (4 * half), 0)
}
exact <- sapply(seq_len(nrow(studies)), function(i)
  rowSums(outer(plogis(theta), studies$events[i]:studies$most[i],
                function(p, x) dbinom(x, studies$patients[i], p))))
tops <- apply(exact, 2, max)
spectra <- mvfft(mirrored(cbind(sweep(exact, 2, tops, "/"), plogis(theta))))
taus <- seq(0, 7 * tau_prior, by = tau_prior / 32)
log_density <- sapply(taus, function(tau) {
  likelihoods <- smoothed(spectra[, seq_len(nrow(studies)), drop = FALSE], tau)
  rowSums(log(likelihoods)) + dlogis(theta, log = TRUE) + dnorm(tau / tau_prior, log = TRUE)
})
density <- exp(log_density - max(log_density))
density[, 1] <- density[, 1] / 2       # the end of the trapezoid rule in tau

# The integral of f up to each x. A logarithm of f is smooth, so that it is filled in between the
# points by a cubic spline; so is the integral of each piece.
below <- function(x, f) {
  times <- 6
  last <- (length(x) - 1) * times + 1
  h <- (x[2] - x[1]) / times
  between <- x[1] + h * (seq_len(last) - 1)
  f <- exp(splinefun(x, log(pmax(f, max(f) * 1e-18)))(between))
  bend <- splinefun(between, f)(between, deriv = 2)
  total <- c(0, cumsum(h * (f[-1] + f[-last]) / 2 - h^3 * (bend[-1] + bend[-last]) / 24))
  list(x = between, total = total)
}
quantiles <- function(x, f, p) {
  found <- below(x, f)
  at <- splinefun(found$x, found$total / found$total[length(found$x)])
  sapply(p, function(q) uniroot(function(t) at(t) - q, range(x), tol = 1e-12)$root)
}
tails <- c(0.5, (1 - level) / 2, (1 + level) / 2)

# The share in a new study, expit(mu + tau z).
new_study <- rowSums(sapply(seq_along(taus), function(j)
  smoothed(mvfft(mirrored(density[, j, drop = FALSE])), taus[j])))
prediction <- plogis(quantiles(theta, new_study, tails))
