# Trials left out of pools by Mantel-Haenszel and Peto, by metafor 3.8-1: standardised residuals and the pools without each.
# Counts are made up; effects of trials by Peto take no correction of empty cells. Run from the repository: Rscript tests/reference/case_deletion_counts.R
suppressMessages({library(metafor); library(jsonlite)})
d <- data.frame(a = c(4, 6, 3, 62, 33, 0, 18), n = c(123, 306, 231, 1359, 506, 119, 154),
                c = c(11, 29, 11, 98, 47, 4, 37), m = c(139, 303, 220, 1286, 580, 110, 145),
                t = c(120, 290, 230, 1300, 500, 110, 150), u = c(130, 300, 215, 1250, 570, 105, 140))
told <- function(model, measure, r) {
  z <- rstudent(r); l <- leave1out(r)
  list(model = model, measure = measure, rstudent = z$z, estimate = l$estimate, se = l$se, q = l$Q, whole = list(c(r$beta), r$se))
}
pools <- c(lapply(c("OR", "RR", "RD"), function(x) told("mh", x, rma.mh(measure = x, ai = a, n1i = n, ci = c, n2i = m, data = d))),
           lapply(c("IRR", "IRD"), function(x) told("mh", x, rma.mh(measure = x, x1i = a, t1i = t, x2i = c, t2i = u, data = d))),
           list(told("peto", "PETO", rma.peto(ai = a, n1i = n, ci = c, n2i = m, data = d, add = 0, to = "none"))))
write_json(list(data = d, pools = pools), "tests/reference/case_deletion_counts.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
