# Kaplan-Meier estimates of public data sets with their intervals on four scales, and how many
# patients were still at risk: R's survival (data sets of the same package).
# Rscript survival_intervals.R > survival_intervals.csv
suppressMessages(library(survival))
sets <- list(
  lung = list(Surv(lung$time, lung$status == 2), c(180, 365, 730)),
  veteran = list(Surv(veteran$time, veteran$status == 1), c(60, 180)),
  ovarian = list(Surv(ovarian$futime, ovarian$fustat == 1), c(365, 500)),
  maintained = list(Surv(aml$time, aml$status == 1), c(12, 24)),
  colon = list(with(subset(colon, etype == 2), Surv(time, status == 1)), c(730, 1826)),
  rats = list(Surv(rats$time, rats$status == 1), c(90, 104))
)
cat("data,conf_type,time,patients,at_risk,survival,std_err,low,high,survival_version\n")
for (name in names(sets)) for (type in c("log-log", "log", "plain", "logit")) {
  y <- sets[[name]][[1]]
  fit <- summary(survfit(y ~ 1, conf.type = type), times = sets[[name]][[2]])
  # at_risk: free of the event and still observed just after the time, as Peto's formula wants it.
  after <- sapply(sets[[name]][[2]], function(t) sum(y[, 1] > t))
  for (i in seq_along(fit$time)) cat(sprintf("%s,%s,%g,%d,%d,%.17g,%.17g,%.17g,%.17g,%s\n",
    name, type, fit$time[i], fit$n, after[i], fit$surv[i], fit$std.err[i], fit$lower[i], fit$upper[i],
    as.character(packageVersion("survival"))))
}
