# Rubin's rules: pool.scalar of mice 3.15.0 (R, Debian's r-cran-mice), and their arithmetic written out beside it.
# Rscript rubin.R > rubin.json
suppressMessages(library(mice))
cases <- list(
  list(q = c(1, 2, 3), u = c(0.5, 0.5, 0.5), df = Inf),
  list(q = c(-0.31, -0.28, -0.35, -0.30, -0.27), u = c(0.021, 0.020, 0.022, 0.0215, 0.0205), df = Inf),
  list(q = c(-0.31, -0.28, -0.35, -0.30, -0.27), u = c(0.021, 0.020, 0.022, 0.0215, 0.0205), df = 18),
  list(q = c(0.1, 0.9, -0.4, 0.5), u = c(0.05, 0.08, 0.06, 0.07), df = 40)
)
number <- function(x) if (is.infinite(x)) "\"inf\"" else sprintf("%.17g", x)
vector <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
one <- function(case) {
  p <- pool.scalar(case$q, case$u, n = case$df + 1, k = 1)
  half <- qt(0.975, p$df) * sqrt(p$t)
  sprintf(paste0('  {"estimates": %s, "variances": %s, "df_complete": %s, "estimate": %s, "within": %s, "between": %s, ',
    '"total": %s, "df": %s, "missing": %s, "ci_low": %s, "ci_high": %s}'),
    vector(case$q), vector(case$u), number(case$df), number(p$qbar), number(p$ubar), number(p$b), number(p$t),
    number(p$df), number(p$fmi), number(p$qbar - half), number(p$qbar + half))
}
cat("[\n", paste(vapply(cases, one, ""), collapse = ",\n"), "\n]\n", sep = "")
