# Binomial-normal regressions of tables.csv on its column x, by lme4 with 25 nodes and tight limits.
# Run from this folder: Rscript glmm_regression.R
suppressMessages(library(lme4))
tables <- read.csv("tables.csv")
ids <- c("p_k12_mid", "p_k30_mid", "p_k8_hetero", "p_k8_rare", "p_k10_gosh", "p_k12_mixn", "p_k30_tiny")
control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-10, check.conv.grad = "ignore",
                        check.conv.hess = "ignore", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
rows <- lapply(ids, function(id) {
  d <- tables[tables$table_id == id, ]
  m <- glmer(cbind(events, total - events) ~ x + (1 | study), data = d, family = binomial,
             nAGQ = 25, control = control)
  se <- sqrt(diag(as.matrix(vcov(m))))
  data.frame(table_id = id, intercept = fixef(m)[[1]], slope = fixef(m)[[2]], se_intercept = se[[1]],
             se_slope = se[[2]], tau2 = getME(m, "theta")[[1]]^2,
             peer = paste("lme4", packageVersion("lme4"), "nAGQ 25"))
})
options(digits = 17)
write.csv(do.call(rbind, rows), "glmm_regression.csv", row.names = FALSE)
