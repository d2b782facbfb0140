# Intervals of rma.glmm for the simulated tables of calibration_tables.csv: as it stands (7 nodes), with z and
# with t(k-1), and once more with 41 nodes and tight limits. A failure of R is kept as its words.
# Run from this folder: Rscript calibration_rma_glmm.R
suppressMessages(suppressWarnings(library(metafor)))
tables <- read.csv("calibration_tables.csv")
numbers <- function(words) as.numeric(strsplit(words, " ")[[1]])
tight <- list(optCtrl = list(maxfun = 1e5), optimizer = "bobyqa", tolPwrss = 1e-10)
ends <- function(x, n, test, nodes, control) {
  tryCatch(suppressWarnings({
    m <- rma.glmm(measure = "PLO", xi = x, ni = n, test = test, nAGQ = nodes, control = control)
    list(ends = c(m$ci.lb, m$ci.ub), error = "")
  }), error = function(e) list(ends = c(NA, NA), error = gsub("[\r\n,]+", " ", conditionMessage(e))))
}
rows <- lapply(seq_len(nrow(tables)), function(i) {
  x <- numbers(tables$events[i]); n <- numbers(tables$total[i])
  z <- ends(x, n, "z", 7, list())
  t <- ends(x, n, "t", 7, list())
  fine <- ends(x, n, "z", 41, tight)
  data.frame(cell = tables$cell[i], table = tables$table[i], z_low = z$ends[1], z_high = z$ends[2],
             t_low = t$ends[1], t_high = t$ends[2], fine_low = fine$ends[1], fine_high = fine$ends[2],
             error = z$error, fine_error = fine$error)
})
found <- do.call(rbind, rows)
found[3:8] <- signif(found[3:8], 9)
write.csv(found, "calibration_rma_glmm.csv", row.names = FALSE, quote = FALSE, na = "")
