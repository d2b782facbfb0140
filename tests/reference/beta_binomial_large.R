# Beta-binomial models of very large series by R's optim: mean and correlation, log-likelihood.
# The likelihood is R's lbeta, which keeps its digits where rho is not small against 1 / n.
# Run from this folder: Rscript beta_binomial_large.R
tables <- read.csv("beta_binomial_large_tables.csv")
fit <- function(x, n) {
  loss <- function(p) {
    m <- plogis(p[1]); size <- exp(p[2]); a <- m * size; b <- (1 - m) * size
    -sum(lchoose(n, x) + lbeta(x + a, n - x + b) - lbeta(a, b))
  }
  start <- c(qlogis(sum(x) / sum(n)), log(median(n) / 3))
  best <- optim(start, loss, control = list(reltol = 1e-15, maxit = 5000))
  for (i in 1:5) best <- optim(best$par, loss, control = list(reltol = 1e-16, maxit = 5000))
  data.frame(mean = plogis(best$par[1]), rho = 1 / (1 + exp(best$par[2])), log_likelihood = -best$value)
}
found <- do.call(rbind, lapply(split(tables, tables$table), function(d) {
  cbind(table = d$table[1], fit(d$events, d$total))
}))
found[2:4] <- signif(found[2:4], 9)
write.csv(found, "beta_binomial_large.csv", row.names = FALSE, quote = FALSE)
