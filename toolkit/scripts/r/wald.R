# Intervals from the curvature at the maximum: joint in mu and tau, of mu alone where tau is 0.
slopes <- function(f, at, step = 1e-4) sapply(seq_along(at), function(j) {
  move <- step * (seq_along(at) == j)
  (f(at + move) - f(at - move)) / (2 * step)
})
hessian <- optimHess(c(mu, tau), lost, control = list(ndeps = c(1e-3, 1e-3)))
covariance <- if (tau > 0) solve(hessian) else matrix(c(1 / hessian[1, 1], 0, 0, 0), 2)
se_mu <- sqrt(covariance[1, 1])
average_logit <- function(par) qlogis(mean_of(par[1], par[2]))
gradient <- slopes(average_logit, c(mu, tau))
se_average <- sqrt(drop(gradient %*% covariance %*% gradient))
