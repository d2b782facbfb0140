# The beta-binomial model: a study's share has a beta law with mean m and correlation rho.
admitted <- studies$most - studies$events + 1
row_of <- rep(seq_len(nrow(studies)), admitted)
x <- studies$events[row_of] + sequence(admitted) - 1
n <- studies$patients[row_of]
log_likelihood <- function(m, rho) {
  if (rho < 1e-9) return(sum(log(rowsum(dbinom(x, n, m), row_of))))
  a <- m * (1 - rho) / rho
  b <- (1 - m) * (1 - rho) / rho
  sum(log(rowsum(exp(lchoose(n, x) + lbeta(x + a, n - x + b) - lbeta(a, b)), row_of)))
}
over_rho <- function(m) {
  found <- optimize(function(rho) log_likelihood(m, rho), c(0, 1 - 1e-9), maximum = TRUE, tol = 1e-9)
  max(found$objective, log_likelihood(m, 0))
}
over_m <- function(rho)
  optimize(function(m) log_likelihood(m, rho), c(1e-9, 1 - 1e-9), maximum = TRUE, tol = 1e-10)
m <- optimize(over_rho, c(1e-9, 1 - 1e-9), maximum = TRUE, tol = 1e-9)
rho <- optimize(function(rho) over_m(rho)$objective, c(0, 1 - 1e-9), maximum = TRUE, tol = 1e-10)
best <- max(m$objective, rho$objective, over_m(0)$objective)
estimate <- m$maximum
rho <- if (over_m(0)$objective >= best - 1e-10) 0 else rho$maximum
excess <- function(value) 2 * (best - over_rho(value)) - qchisq(level, 1)
low <- uniroot(excess, c(1e-12, estimate), tol = 1e-11)$root
high <- uniroot(excess, c(estimate, 1 - 1e-12), tol = 1e-11)$root
