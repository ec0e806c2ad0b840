# Pinned references of drop00: trials of two arms without any event, or with events only, by R's metafor.
# Writes zero_cells.json beside this file: Rscript tests/reference/zero_cells.R
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

# no event in either arm; one empty cell; events only; all against none; a missing count
two <- data.frame(ai = c(5, 0, 0, 12, 0, NA), n1i = c(30, 20, 15, 12, 9, 8),
                  ci = c(3, 0, 4, 10, 9, 2), n2i = c(28, 21, 16, 10, 9, 8))
# the only empty cells are those of trials that are left out
whole <- two[c(1, 2, 4), ]
rate <- data.frame(x1i = c(5, 0, 0, 7), t1i = c(30, 20, 15, 11), x2i = c(3, 0, 4, 2), t2i = c(28, 21, 16, 90))

of <- function(measure, es, to, add, data) list(measure = measure, to = to, add = add, data = as.list(data),
                                                yi = as.vector(es$yi), vi = as.vector(es$vi))
cases <- list()
for (m in c("RR", "OR", "RD", "PETO")) for (d in list(two, whole)) for (to in c("only0", "if0all", "all")) {
  es <- suppressWarnings(escalc(m, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, to = to, add = 0.5, drop00 = TRUE,
                                append = FALSE))
  cases[[length(cases) + 1]] <- of(m, es, to, 0.5, d)
}
for (m in c("IRR", "IRD")) for (to in c("only0", "if0all", "all")) {
  es <- suppressWarnings(escalc(m, x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = rate, to = to, add = 0.5,
                                drop00 = TRUE, append = FALSE))
  cases[[length(cases) + 1]] <- of(m, es, to, 0.5, rate)
}
# metafor adds nothing to arcsines and square roots unless told to
cases[[length(cases) + 1]] <- of("AS", escalc("AS", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = two, drop00 = TRUE,
                                              append = FALSE), "none", 0.5, two)
cases[[length(cases) + 1]] <- of("IRSD", escalc("IRSD", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = rate,
                                                drop00 = TRUE, append = FALSE), "none", 0.5, rate)
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))), drop00 = cases)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "zero_cells.json"), digits = I(17), na = "string", auto_unbox = TRUE)
