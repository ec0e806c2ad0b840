# Median times, ratios of medians and landmark survival pooled by metafor on the log and the log(-log) scale.
# Writes medians.json beside this file: Rscript tests/reference/medians.R
suppressMessages({library(metafor); library(jsonlite)})
fit <- function(y, v) {
  r <- rma(y, v, method = "REML", test = "knha", control = list(threshold = 1e-12, maxiter = 1000))
  list(b = c(r$beta), lb = r$ci.lb, ub = r$ci.ub, tau2 = r$tau2, q = r$QE)
}
d <- data.frame(
  trial = LETTERS[1:8], m = c(8.1, 10.5, 13, 7.2, 9.9, 15.3, 6.4, 11), lo = c(6.9, 8, 9.1, 6, 8.8, 10, 5.2, 9.5),
  hi = c(9.9, 13.6, NA, 9, 11.2, NA, 7.9, 12.8), level = c(.95, .95, .9, .95, .8, .95, .99, .95),
  kras = c("wt", "mut")[c(1, 2, 1, 2, 2, 1, 2, 1)])
z <- qnorm((1 + d$level) / 2)
y <- log(d$m); v <- ifelse(is.na(d$hi), log(d$m / d$lo) / z, log(d$hi / d$lo) / (2 * z))^2
mut <- d$kras == "mut"
out <- list(medians = list(data = d, pool = fit(y, v), mut = fit(y[mut], v[mut]), wt = fit(y[!mut], v[!mut])))
e <- data.frame(trial = LETTERS[1:5], mt = c(8.1, 10.5, 13, 7.2, 9.9), lot = c(6.9, 8, 9.1, 6, 8.8),
                hit = c(9.9, 13.6, NA, 9, 11.2), mc = c(6.1, 9.5, 10, 7, 8), loc = c(5, 8.1, 8.8, 5.5, 7.1),
                hic = c(7.5, 11.6, 13, 9.1, NA))
z <- qnorm(0.975)
one <- function(m, lo, hi) ifelse(is.na(hi), log(m / lo) / z, log(hi / lo) / (2 * z))^2
out$ratios <- list(data = e, pool = fit(log(e$mt / e$mc), with(e, one(mt, lot, hit) + one(mc, loc, hic))))
f <- data.frame(trial = LETTERS[1:6], s = c(.42, .55, .38, .61, .5, .29), lo = c(.33, .44, NA, NA, NA, NA),
                hi = c(.51, .65, NA, NA, NA, NA), se = c(NA, NA, .05, .07, NA, NA), n = c(40, 38, 25, 20, 33, 18))
cll <- function(s) -log(-log(s))
se <- with(f, ifelse(!is.na(lo), (cll(hi) - cll(lo)) / (2 * z), ifelse(!is.na(se), se, s * sqrt((1 - s) / n)) /
                       abs(s * log(s))))
r <- fit(cll(f$s), se^2)
out$landmark <- list(data = f, pool = r, survival = exp(-exp(-r$b)))
write_json(out, "tests/reference/medians.json", digits = NA, dataframe = "columns", auto_unbox = TRUE, na = "string")
