# Survival percentages (survival_percentages.csv) pooled on the complementary log-log scale.
# Rscript survival_pools.R > survival_pools.csv       R 4.2.2, metafor 3.8-1
# Variance: from a printed 95 % interval, symmetric on the scale; else binomial over all patients.
# A printed standard error goes before both.
# 100 %: half a patient with and half a one without the event are added.
suppressMessages(library(metafor))
d <- read.csv("survival_percentages.csv")
p <- d$percent / 100
n <- d$patients
full <- p == 1
p[full] <- (n[full] + 0.5) / (n[full] + 1)
n[full] <- n[full] + 1
d$y <- log(-log(p))
d$v <- (p * (1 - p) / n) / (p * log(p))^2
printed <- !is.na(d$low)
# log(-log) turns the limits round; both halves of the printed interval are averaged.
d$v[printed] <- ((log(-log(d$low / 100)) - log(-log(d$high / 100)))[printed] / (2 * qnorm(0.975)))^2
given <- !is.na(d$standard_error)
d$v[given] <- ((d$standard_error / 100) / (p * log(p)))[given]^2
cat("pool,test,k,estimate,se,ci_low,ci_high,pi_low,pi_high,tau2,q,i2,metafor_version\n")
for (pool in unique(d$pool)) for (test in c("knha", "z")) {
  x <- d[d$pool == pool, ]
  fit <- rma(y, v, data = x, method = "REML", test = test, control = list(threshold = 1e-13, maxiter = 1000))
  pi <- predict(fit)
  cat(sprintf("%s,%s,%d,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%s\n", pool, test, fit$k,
    fit$beta, fit$se, fit$ci.lb, fit$ci.ub, pi$pi.lb, pi$pi.ub, fit$tau2, fit$QE, fit$I2,
    as.character(packageVersion("metafor"))))
}
