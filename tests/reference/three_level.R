# Three-level fits by rma.mv of metafor. Run: Rscript three_level.R > three_level.csv
suppressPackageStartupMessages(library(metafor))
tables <- list(
  parts = data.frame(study = c("a", "a", "b", "c", "d"), x = c(4, 7, 1, 2, 5), n = c(30, 49, 10, 8, 25)),
  arms = data.frame(study = rep(letters[1:6], each = 2),
                    x = c(3, 5, 10, 12, 1, 0, 7, 9, 20, 14, 4, 8),
                    n = c(20, 22, 31, 30, 15, 14, 40, 38, 45, 44, 19, 21)),
  apart = data.frame(study = c("a", "a", "a", "b", "b", "c", "c", "c", "c", "d"),
                     x = c(2, 12, 9, 15, 3, 8, 8, 9, 7, 30), n = c(25, 24, 26, 22, 20, 18, 19, 20, 18, 44)))
control <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000)
cat("table,method,test,study,events,total,mu,se,low,high,tau2_between,tau2_within,q,loglik\n")
for (name in names(tables)) {
  d <- escalc(measure = "PLO", xi = x, ni = n, data = tables[[name]], add = 1/2, to = "only0")
  d$row <- seq_len(nrow(d))
  for (method in c("REML", "ML")) for (test in c("z", "t")) {
    fit <- rma.mv(yi, vi, random = ~ 1 | study/row, data = d, method = method, test = test, control = control)
    values <- c(fit$b, fit$se, fit$ci.lb, fit$ci.ub, fit$sigma2, fit$QE, logLik(fit))
    cat(paste(c(name, method, test, paste(d$study, collapse = " "), paste(d$x, collapse = " "),
                paste(d$n, collapse = " "), format(values, digits = 15, trim = TRUE)), collapse = ","), "\n", sep = "")
  }
}
