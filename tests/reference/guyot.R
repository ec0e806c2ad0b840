# The algorithm of Guyot et al. (2012) as digitise() of R's survHE 2.0.5 runs it, on curves made here of known patients.
# digitise() fixes "no total of events" in its body; the total is put in its place where a case has one.
# Writes guyot.json beside this file: Rscript tests/reference/guyot.R DIGITISE.R, the file R/digitise.R of survHE.
suppressMessages({library(survival); library(jsonlite)})
source(commandArgs(trailingOnly = TRUE)[1])
with_total <- function(total) {
  f <- digitise
  text <- deparse(body(f))
  at <- grep('tot.events <- "NA"', text, fixed = TRUE)
  stopifnot(length(at) == 1)
  text[at] <- sprintf("tot.events <- %d", total)
  body(f) <- parse(text = text)[[1]]
  f
}
run <- function(time, event, points, rows, total = NULL) {
  fit <- survfit(Surv(time, event) ~ 1)
  t <- sort(unique(c(points[points <= max(time)], rows)))
  s <- round(summary(fit, times = t, extend = TRUE)$surv, 4)
  lower <- match(rows, t)
  upper <- c(lower[-1] - 1, length(t))
  nrisk <- sapply(rows, function(r) sum(time >= r))
  d <- tempfile(); dir.create(d)
  p <- function(x) file.path(d, x)
  write.table(data.frame(ID = seq_along(t), time = t, survival = s), p("s.txt"), row.names = FALSE)
  write.table(data.frame(Interval = seq_along(rows), Time = rows, Lower = lower, Upper = upper, nrisk = nrisk),
              p("n.txt"), row.names = FALSE)
  f <- if (is.null(total)) digitise else with_total(total)
  setTimeLimit(elapsed = 20, transient = TRUE)
  invisible(capture.output(f(p("s.txt"), p("n.txt"), p("km.txt"), p("ipd.txt"))))
  setTimeLimit()
  ipd <- read.table(p("ipd.txt"), header = TRUE)
  list(time = t, survival = s, row_time = I(rows), nrisk = I(nrisk), events = total,
       ipd_time = ipd[[1]], ipd_event = ipd[[2]])
}
set.seed(20120201)
months <- function(n, scale, shape, follow) {
  event <- rweibull(n, shape, scale); censor <- runif(n, follow[1], follow[2])
  data.frame(time = round(pmin(event, censor), 3) + 0.001, event = as.integer(event <= censor))
}
small <- months(40, 12, 1.0, c(6, 24)); large <- months(600, 20, 1.3, c(12, 48)); heavy <- months(250, 30, 0.9, c(1, 30))
grid <- function(d, k) seq(0, max(d$time), length.out = k)
case <- function(d, k, rows, ...) run(d$time, d$event, grid(d, k), rows, ...)
cases <- list(
  small_table = case(small, 60, c(0, 6, 12, 18)),
  small_table_total = case(small, 60, c(0, 6, 12, 18), sum(small$event)),
  large_table = case(large, 150, seq(0, 42, 6)),
  large_table_total = case(large, 150, seq(0, 42, 6), sum(large$event)),
  large_half_table = case(large, 150, c(0, 12, 24)),
  heavy_table = case(heavy, 120, seq(0, 25, 5)),
  heavy_table_total = case(heavy, 120, seq(0, 25, 5), sum(heavy$event)),
  heavy_total_reached_before_last_row = case(heavy, 120, seq(0, 25, 5), 60L),
  heavy_no_table_total = case(heavy, 120, 0, sum(heavy$event)),
  lung = with(lung[lung$sex == 2, ], run(time / 30.4375, status - 1, seq(0, 31, 0.25), seq(0, 30, 6)))
)
write_json(cases, "tests/reference/guyot.json", digits = NA, auto_unbox = TRUE, null = "null")
