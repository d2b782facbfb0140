# The profile-likelihood interval of tau.
of_tau <- function(tau) {
  top <- optimize(function(m) log_likelihood(m, tau), mu + c(-4, 4) * (1 + tau), maximum = TRUE,
                  tol = 1e-8)$objective
  2 * (best - top) - qchisq(level, 1)
}
tau_low <- if (of_tau(0) <= 0) 0 else uniroot(of_tau, c(0, tau), tol = 1e-9)$root
tau_high <- uniroot(of_tau, c(tau, tau + 1), extendInt = "upX", tol = 1e-9)$root
