# Six published data sets, arm by arm, pooled by metafor. Run: Rscript strangers.R
# Writes strangers/NAME.csv (the counts as a stranger would save them) and strangers.csv (R's answers).
suppressPackageStartupMessages({library(metafor); library(metadat)})
dir.create("strangers", showWarnings = FALSE)
ax <- dat.axfors2021
nw <- dat.nielweise2007
nw8 <- dat.nielweise2008
sets <- list(
  pritz1997 = dat.pritz1997,
  debruin2009 = dat.debruin2009[, c("author", "year", "xi", "ni", "ethnicity")],
  axfors2021_control = data.frame(acronym = paste(ax$acronym, ax$id), Deaths = ax$control_arm_event, Patients = ax$control_arm_total),
  nielweise2007_treated = data.frame(Author = nw$author, Year = nw$year, ai = nw$ai, n1i = nw$n1i),
  nielweise2008_days = data.frame(study = nw8$authors, x2i = nw8$x2i, t2i = nw8$t2i),
  lopez2019_effects = {d <- dat.lopez2019[!is.na(dat.lopez2019$se), ]; data.frame(study = paste(d$study, seq_len(nrow(d))), yi = d$diff, sei = d$se)})
separators <- c(pritz1997 = ",", debruin2009 = ";", axfors2021_control = "\t", nielweise2007_treated = ",", nielweise2008_days = ",", lopez2019_effects = ",")
tight <- list(threshold = 1e-13, maxiter = 100000)
out <- file("strangers.csv", "w")
cat("data,method,k,estimate,low,high,tau2,q\n", file = out)
say <- function(name, method, fit, link) cat(paste(c(name, method, format(c(fit$k, link(c(fit$b, fit$ci.lb, fit$ci.ub)), fit$tau2, fit$QE), digits = 15, trim = TRUE)), collapse = ","), "\n", sep = "", file = out)
for (name in names(sets)) {
  d <- sets[[name]]
  write.table(d, file.path("strangers", paste0(name, ".csv")), sep = separators[[name]], row.names = FALSE, quote = TRUE, na = "NA")
  if (name == "lopez2019_effects") {
    say(name, "raw-reml-knha", rma(yi, sei = sei, data = d, method = "REML", test = "knha", control = tight), identity)
    say(name, "raw-dl-z", rma(yi, sei = sei, data = d, method = "DL"), identity)
    next
  }
  x <- switch(name, axfors2021_control = d$Deaths, nielweise2007_treated = d$ai, nielweise2008_days = d$x2i, d$xi)
  n <- switch(name, axfors2021_control = d$Patients, nielweise2007_treated = d$n1i, nielweise2008_days = d$t2i, d$ni)
  logits <- escalc(measure = "PLO", xi = x, ni = n, add = 1/2, to = "only0")
  say(name, "logit-reml-knha", rma(yi, vi, data = logits, method = "REML", test = "knha", control = tight), plogis)
  say(name, "logit-dl-z", rma(yi, vi, data = logits, method = "DL"), plogis)
  say(name, "logit-ce-z", rma(yi, vi, data = logits, method = "EE"), plogis)
  arcsine <- escalc(measure = "PAS", xi = x, ni = n)
  say(name, "arcsine-pm-z", rma(yi, vi, data = arcsine, method = "PM", control = list(tol = 1e-14, maxiter = 10000)), function(y) sin(pmax(y, 0))^2)
}
close(out)
