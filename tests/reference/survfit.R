# Kaplan-Meier references for metaonc.survival.kaplan_meier, by R's survival package.
# Writes survfit.json beside this file: Rscript tests/reference/survfit.R
library(survival)
library(jsonlite)

cases <- list(
  lung_sex = data.frame(time = lung$time, status = lung$status - 1, group = lung$sex),
  veteran_trt = data.frame(time = veteran$time, status = veteran$status, group = veteran$trt),
  leukemia_x = data.frame(time = leukemia$time, status = leukemia$status, group = as.character(leukemia$x)),
  # the last patient of "zero" dies, so that S = 0; "early" begins with a censoring, so that S = 1 has a row of its own;
  # in "half" S is exactly 0.5 between two deaths, in "tail" it is 0.5 until the last patient is censored
  edges = data.frame(
    time = c(1, 2, 3, 4, 1, 2, 2, 5, 1, 2, 3.5, 4, 1, 2, 3, 4, 6),
    status = c(1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0),
    group = c(rep("half", 4), rep("early", 4), rep("zero", 4), rep("tail", 4), "single")
  ),
  not_reached = data.frame(
    time = c(3, 5, 5, 8, 9, 12, 12, 14, 20, 24), status = c(1, 0, 1, 0, 0, 1, 0, 0, 0, 0), group = "x"
  ),
  no_event = data.frame(time = c(1, 4, 6), status = 0, group = "x"),
  # a death and a censoring at 0; deaths and censorings at the same times; 0.3 and 0.3 + 4e-10 are one time to survfit
  ties = data.frame(
    time = c(0, 0, 0.3, 0.3 + 4e-10, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4),
    status = c(1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0), group = "x"
  )
)
intervals <- list(
  list(type = "log-log", level = 0.95), list(type = "log", level = 0.95), list(type = "plain", level = 0.95),
  list(type = "log-log", level = 0.9)
)

label <- function(fit, groups) {
  if (is.null(fit$strata)) rep(as.character(groups[1]), length(fit$time))
  else rep(sub("group=", "", names(fit$strata)), fit$strata)
}

one_case <- function(data) {
  groups <- sort(unique(data$group))
  fit_with <- function(kind) survfit(
    if (length(groups) > 1) Surv(time, status) ~ group else Surv(time, status) ~ 1,
    data = data, conf.type = kind$type, conf.int = kind$level
  )
  bands <- lapply(intervals, function(kind) {
    fit <- fit_with(kind)
    rows <- summary(fit)$table
    rows <- if (is.matrix(rows)) rows else t(rows)
    list(
      type = kind$type, level = kind$level, lower = fit$lower, upper = fit$upper,
      median = unname(rows[, "median"]), median_lower = unname(rows[, ncol(rows) - 1]),
      median_upper = unname(rows[, ncol(rows)])
    )
  })
  fit <- fit_with(intervals[[1]])
  times <- unique(sort(c(0, data$time[seq(1, nrow(data), length.out = 6)], max(data$time) / c(2, 3, 7))))
  at <- summary(fit, times = times)
  list(
    data = as.list(data), groups = as.character(groups), n = fit$n,
    steps = list(
      group = label(fit, groups), time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censor = fit$n.censor,
      survival = fit$surv, std_err = fit$surv * fit$std.err
    ),
    bands = bands,
    at = list(
      group = if (is.null(at$strata)) rep(as.character(groups[1]), length(at$time)) else sub("group=", "", at$strata),
      time = at$time, n_risk = at$n.risk, survival = at$surv, lower = at$lower, upper = at$upper
    )
  )
}

out <- list(
  made_by = paste("R", getRversion(), "survival", packageVersion("survival")),
  cases = lapply(cases, one_case)
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "survfit.json"), digits = I(17), na = "null", auto_unbox = TRUE)
