# One-stage Poisson models (piecewise exponential, a baseline hazard for each trial and interval) of the patients of
# one_stage.json, by glm and lme4: given the events of a trial and interval, those of treatment are binomial. Of
# Laplace's approximation glmer has two forms: nAGQ = 0 at the joint mode of mean and effects, nAGQ = 1 with its own mean.
# Writes poisson_one_stage.json beside this file: Rscript tests/reference/poisson_one_stage.R
suppressMessages({library(lme4); library(jsonlite)})
d <- as.data.frame(fromJSON("tests/reference/one_stage.json")$data)
cells <- function(cuts) {
  ends <- c(0, cuts, Inf)
  do.call(rbind, lapply(seq_len(length(ends) - 1), function(j) {
    time <- pmax(pmin(d$time, ends[j + 1]) - ends[j], 0)
    died <- d$event * (d$time > ends[j] & d$time <= ends[j + 1])
    aggregate(cbind(died, time) ~ arm + trial, data = data.frame(died, time, arm = d$arm, trial = d$trial), FUN = sum) |>
      transform(interval = j)
  }))
}
fits <- function(cuts) {
  long <- subset(cells(cuts), time > 0)
  long$cell <- factor(paste(long$trial, long$interval))
  wide <- merge(subset(long, arm == 1), subset(long, arm == 0), by = c("trial", "interval"), suffixes = c("1", "0"))
  wide <- subset(wide, died1 + died0 > 0)
  own <- subset(long, as.character(cell) %in% paste(wide$trial, wide$interval))
  common <- glm(died ~ 0 + cell + arm + offset(log(time)), poisson, own, control = glm.control(epsilon = 1e-14, maxit = 50))
  strict <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), tolPwrss = 1e-12)
  mixed <- function(nodes) glmer(cbind(died1, died0) ~ 1 + (1 | trial), wide, binomial, offset = log(time1 / time0),
                                 nAGQ = nodes, control = strict)
  take <- function(f) list(b = unname(fixef(f)), tau2 = unname(unlist(VarCorr(f))))
  joint <- mixed(0); laplace <- mixed(1); exact <- mixed(25)
  baselines <- glmer(died ~ 0 + cell + arm + (0 + arm | trial) + offset(log(time)), own, poisson, nAGQ = 1, control = strict)
  constant <- with(wide, sum(lchoose(died1 + died0, died1)))
  list(cuts = I(cuts), common = list(b = unname(coef(common)["arm"]), se = sqrt(vcov(common)["arm", "arm"])),
       joint = c(take(joint), loglik = as.numeric(logLik(joint)) - constant),
       laplace = c(take(laplace), loglik = as.numeric(logLik(laplace)) - constant), exact = take(exact),
       baselines = list(b = unname(fixef(baselines)["arm"]), tau2 = unname(unlist(VarCorr(baselines)))))
}
out <- lapply(list(none = numeric(0), two = c(4, 10), six = c(2, 4, 7, 10, 15, 22)), fits)
write(toJSON(out, digits = 15, auto_unbox = TRUE), "tests/reference/poisson_one_stage.json")
