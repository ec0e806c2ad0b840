# The LFK index and the z-scores of Doi plots by metasens. The second set of trials is made up here; the first is the
# example of metasens' help page. Run from the repository: Rscript tests/reference/doi.R
suppressMessages({library(metasens); library(jsonlite)})
cases <- list(
  pain = list(yi = c(-4.270, -1.710, -0.580, -0.190, 0.000), vi = c(0.158, 0.076, 0.018, 0.022, 0.040)),
  made = list(yi = c(-0.42, -0.24, 0.1, -0.66, -0.05, 1.4, -0.31, 0.02), vi = c(0.0144, 0.0081, 0.04, 0.02, 0.03, 0.09, 0.2, 0.011))
)
found <- lapply(cases, function(d) {
  l <- lfkindex(d$yi, sqrt(d$vi))
  c(d, list(lfk = l$lfkindex, ordered = l$TE, z = l$abs.zscore))
})
write_json(found, "tests/reference/doi.json", digits = NA, auto_unbox = TRUE)
