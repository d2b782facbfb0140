# Maximum likelihood over mu and tau; the likelihood is even in tau, so its sign is free.
lost <- function(par) -log_likelihood(par[1], abs(par[2]))
crude <- qlogis((sum(studies$events + studies$most) / 2 + 0.5) / (sum(studies$patients) + 1))
fits <- lapply(c(0.3, 1, 3), function(start) {
  first <- optim(c(crude, start), lost, control = list(reltol = 1e-12, maxit = 2000))
  optim(first$par, lost, method = "BFGS", control = list(reltol = 1e-15, ndeps = c(1e-4, 1e-4)))
})
fit <- fits[[which.min(sapply(fits, function(each) each$value))]]
mu <- fit$par[1]
tau <- abs(fit$par[2])
flat <- optimize(function(m) lost(c(m, 0)), mu + c(-5, 5), tol = 1e-9)
if (flat$objective <= fit$value + 1e-9) {
  mu <- flat$minimum
  tau <- 0
}
best <- log_likelihood(mu, tau)
