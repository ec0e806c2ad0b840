# Files of the form of the R package kmdata, of made-up patients, and what R makes of them:
#   Rscript tests/reference/kmdata.R
# writes tests/data/files/kmdata/data/*.rda and tests/reference/kmdata.json.
library(survival)
home <- "tests/data/files/kmdata/data"
dir.create(home, recursive = TRUE, showWarnings = FALSE)
set.seed(304)

made <- function(name, arms, unit, event, n = 40) {
  arm <- factor(rep(arms, each = n / 2), levels = arms)
  t <- rexp(n, ifelse(arm == arms[1], 0.10, 0.07))
  c <- runif(n, 4, 20)
  d <- data.frame(time = round(pmin(t, c), 3), event = as.integer(t <= c), arm = arm)
  d <- d[order(d$time), ]
  rownames(d) <- NULL
  structure(d, class = c("kmdata", "data.frame"), name = name, title = paste(name, "figure"), units = unit,
            event = event, source = "Made up \u2013 no trial.", xaxis.at = seq(0, 20, 5), arms = factor(arms),
            sample_size = table(arm), quality = c(score = 10L, max = 12L, percent = 83L))
}

TOY_1A <- made("TOY_1A", c("control", "drug"), "months", "OS")
X9001_2B <- made("9001_2B", c("placebo", "dose"), "weeks", "PFS")
save(TOY_1A, file = file.path(home, "TOY_1A.rda"))
save(X9001_2B, file = file.path(home, "X9001_2B.rda"), compress = "xz")

kmdata_key <- data.frame(
  name = c("9001_2B", "TOY_1A"), Journal = c("J", "K"), PubMedID = c(123, NA), TrialRegistration = c("NR", "NCT0"),
  Title = c("One", "Two"), Year = c(2014L, 2016L), ClinicalTrial = c("9001", "TOY"), Figure = c("2B", "1A"),
  Cancer = c("Lung", "Breast"), Subgroups = c("KRASwt", NA), ReportedSampleSize = c(40, 40),
  Outcome = c("PFS", "OS"), Units = c("weeks", "months"), HazardRatio = c(0.7, NA),
  Arms = c("dose, placebo", "control, drug"), QualityPercent = c(83L, 83L)
)
save(kmdata_key, file = file.path(home, "kmdata_key.rda"), compress = "bzip2")

hostile <- "tests/data/files"
run_me <- function() stop("run")
object <- 1:3
save(run_me, object, file = file.path(hostile, "function.rda"))
sequence <- 1:1000000000 # stored as its two ends: 4 GB when it is expanded
save(sequence, file = file.path(hostile, "sequence.rda"))

numbers <- function(d, control) {
  d$arm <- relevel(d$arm, control)
  fit <- coxph(Surv(time, event) ~ arm, d)
  list(n = nrow(d), events = sum(d$event), time = sum(d$time), log_hr = unname(coef(fit)), control = control)
}
found <- list(TOY_1A = numbers(TOY_1A, "control"), "9001_2B" = numbers(X9001_2B, "placebo"))
text <- function(x) if (is.character(x)) sprintf('"%s"', x) else sprintf("%.15g", x)
rows <- vapply(names(found), function(k) {
  sprintf('  "%s": {%s}', k, paste(sprintf('"%s": %s', names(found[[k]]), vapply(found[[k]], text, "")), collapse = ", "))
}, "")
writeLines(c("{", paste(rows, collapse = ",\n"), "}"), "tests/reference/kmdata.json")
