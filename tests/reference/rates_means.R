# Pinned references of incidence rates and differences of means, by R's metafor.
# Writes rates_means.json beside this file: Rscript tests/reference/rates_means.R
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

# zero events, a long and a very short time, and two arms without events
one <- data.frame(x = c(0, 5, 10, 3, 812), t = c(20, 40, 12.5, 0.01, 1e6))
two <- data.frame(x1 = c(0, 5, 10, 3, 0, 812), t1 = c(20, 40, 12.5, 100, 5, 1e6),
                  x2 = c(4, 0, 0, 7, 0, 3), t2 = c(18, 44, 11, 0.01, 6, 9e5))
# two patients an arm, arms of very different size, means far from their difference
mean <- data.frame(m1 = c(1, 2, -3.5, 1e4), s1 = c(1.2, 0.4, 9, 3), n1 = c(10, 2, 400, 25),
                   m2 = c(0.5, 3, -3.5, 1e4 + 1), s2 = c(2, 0.7, 1, 4), n2 = c(12, 3, 3, 30))

of <- function(measure, es, to, add, data) list(measure = measure, to = to, add = add, data = as.list(data),
                                                yi = as.vector(es$yi), vi = as.vector(es$vi))
# metafor adds nothing to square roots and Freeman-Tukey transforms unless told to, so they have one case
grid <- rbind(expand.grid(measure = c("IR", "IRLN", "IRR", "IRD"), to = c("only0", "all", "if0all", "none"), add = 0.5),
              expand.grid(measure = c("IR", "IRLN", "IRR", "IRD"), to = "only0", add = 0.1),
              expand.grid(measure = c("IRS", "IRFT", "IRSD"), to = "none", add = 0.5))
cases <- lapply(seq_len(nrow(grid)), function(i) with(lapply(grid[i, ], function(x) if (is.factor(x)) as.character(x) else x), {
  if (measure %in% c("IRR", "IRD", "IRSD"))
    of(measure, suppressWarnings(escalc(measure, x1i = x1, t1i = t1, x2i = x2, t2i = t2, data = two, to = to, add = add)),
       to, add, two)
  else of(measure, suppressWarnings(escalc(measure, xi = x, ti = t, data = one, to = to, add = add)), to, add, one)
}))
means <- lapply(c("MD", "SMD"), function(m) of(m, escalc(m, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2,
                                                         n2i = n2, data = mean), "none", 0.5, mean))
y <- c(0.05, 0.2, 0.7, 3)
inverse <- lapply(c(0.3, 20, 1e4), function(t) list(time = t, yi = y, rate = transf.iirft(y, ti = rep(t, length(y)))))
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))),
            rates = cases, means = means, inverse = inverse)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "rates_means.json"), digits = I(17), na = "string", auto_unbox = TRUE)
