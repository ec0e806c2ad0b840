# Pinned references of pool_mantel_haenszel and pool_peto, by R's metafor and, without strata of its own, by R's stats.
# Writes mantel_haenszel.json beside this file: Rscript tests/reference/mantel_haenszel.R
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

set.seed(20240613)
many <- data.frame(n_t = sample(3:60, 120, TRUE), n_c = sample(3:60, 120, TRUE))
many$events_t <- rbinom(120, many$n_t, plogis(rnorm(120, -2.5, 1) - 0.4))
many$events_c <- rbinom(120, many$n_c, plogis(rnorm(120, -2.5, 1)))
tables <- list(
  bcg = with(dat.bcg, data.frame(events_t = tpos, n_t = tpos + tneg, events_c = cpos, n_c = cpos + cneg)),
  # zero cells of every kind: one arm, both arms, an arm full, both arms full
  zeros = data.frame(events_t = c(0, 4, 6, 0, 12, 9, 10, 7), n_t = c(20, 44, 107, 30, 110, 9, 20, 7),
                     events_c = c(1, 0, 4, 0, 3, 5, 20, 5), n_c = c(43, 44, 110, 28, 106, 12, 20, 5)),
  one = data.frame(events_t = 4, n_t = 44, events_c = 1, n_c = 43),
  two = data.frame(events_t = c(4, 30), n_t = c(44, 60), events_c = c(1, 12), n_c = c(43, 300)),
  # an effect so strong that expected events are near their bounds, in trials of very different size
  strong = data.frame(events_t = c(19, 480, 6), n_t = c(20, 500, 7), events_c = c(1, 25, 1), n_c = c(20, 5000, 90)),
  protective = data.frame(events_t = c(1, 25, 1), n_t = c(20, 5000, 90), events_c = c(19, 480, 6), n_c = c(20, 500, 7)),
  many = many
)
rates <- list(
  hart = with(dat.hart1999, data.frame(events_t = x1i, time_t = t1i, events_c = x2i, time_c = t2i)),
  zeros = data.frame(events_t = c(0, 5, 10, 3, 0), time_t = c(20, 40, 12.5, 100, 5),
                     events_c = c(4, 0, 2, 7, 0), time_c = c(18, 44, 11, 90, 6)),
  one = data.frame(events_t = 5, time_t = 12.5, events_c = 9, time_c = 0.4)
)
few <- function(r, x) if (r$k < 20) x
none <- function(x) if (is.null(x)) NA else as.vector(x)
of <- function(r) list(
  estimate = none(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, statistic = r$zval, p_value = r$pval,
  q = r$QE, q_p = r$QEp, i2 = r$I2, h2 = r$H2, k = r$k,
  weights = few(r, unname(weights(r))), yi = few(r, as.vector(r$yi.f)), vi = few(r, r$vi.f),
  association = none(r$MH), association_p = none(r$MHp), tarone = none(r$TA), tarone_p = none(r$TAp)
)
quiet <- suppressWarnings
fit <- function(m, d) quiet(rma.mh(measure = m, ai = events_t, n1i = n_t, ci = events_c, n2i = n_c, data = d))
fit_rates <- function(m, d) quiet(rma.mh(measure = m, x1i = events_t, t1i = time_t, x2i = events_c, t2i = time_c, data = d))
# the Q of rma.peto is of effects without correction; its yi have one, so to = "none" for them
fit_peto <- function(d) quiet(rma.peto(ai = events_t, n1i = n_t, ci = events_c, n2i = n_c, data = d, to = "none"))
cmh <- function(d) {
  cells <- with(d, rbind(events_t, n_t - events_t, events_c, n_c - events_c))
  r <- mantelhaen.test(array(cells[c(1, 3, 2, 4), ], c(2, 2, nrow(d))))
  list(statistic = unname(r$statistic), p_value = r$p.value)
}
balanced <- data.frame(events_t = c(5, 5), n_t = c(10, 10), events_c = c(5, 5), n_c = c(10, 10))
out <- list(
  versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))),
  tables = tables, rates = rates,
  pools = c(
    unlist(lapply(names(tables), function(t) lapply(c("OR", "RR", "RD"), function(m)
      c(list(table = t, measure = m), of(fit(m, tables[[t]]))))), FALSE),
    unlist(lapply(names(rates), function(t) lapply(c("IRR", "IRD"), function(m)
      c(list(table = t, measure = m), of(fit_rates(m, rates[[t]]))))), FALSE)),
  peto = lapply(names(tables), function(t) c(list(table = t), of(fit_peto(tables[[t]])))),
  cmh = list(balanced = c(list(data = balanced), cmh(balanced)), two = c(list(data = tables$two), cmh(tables$two)))
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "mantel_haenszel.json"), digits = I(17), na = "string", auto_unbox = TRUE,
           dataframe = "columns")
