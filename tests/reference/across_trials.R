# What the vignette of survival across trials shows, by survival and metafor: medians of low-grade serous trials by KRAS,
# survival of the NCCTG lung trial by centre, and the Veterans' Administration trial, whose curves cross, by cell type.
#
#   Rscript tests/reference/across_trials.R     writes across_trials.json beside it
#
# Medians are read from datasets/; patients are survival's data sets lung and veteran.
suppressMessages({library(survival); library(metafor); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
CTRL <- list(maxiter = 10000, threshold = 1e-14)
fit <- function(yi, vi, method = "REML", test = "knha") {
  r <- do.call(rma, list(yi = yi, vi = vi, method = method, test = test, control = if (method == "DL") list() else CTRL))
  list(b = c(r$beta), se = r$se, lb = r$ci.lb, ub = r$ci.ub, tau2 = r$tau2, q = r$QE)
}
out <- list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                            metafor = as.character(packageVersion("metafor"))))

# medians: the error is from the interval, or from its lower limit where the upper was not reached
d <- read.csv(file.path(here, "../../datasets/lgsoc/evidence.csv"), na.strings = "")
d <- d[d$outcome == "pfs" & d$subgroup_variable %in% "KRAS", ]
y <- log(d$estimate); z <- qnorm((1 + d$ci_level) / 2)
v <- ifelse(is.na(d$ci_high), (y - log(d$ci_low)) / z, log(d$ci_high / d$ci_low) / (2 * z))^2
m <- d$subgroup_level == "mutant"
stopifnot(identical(d$trial[m], d$trial[!m]))
out$medians <- list(rows = d$row_id, mutant = fit(y[m], v[m]), `wild-type` = fit(y[!m], v[!m]),
                    within = fit(y[m] - y[!m], v[m] + v[!m], test = "adhoc"))

# centres of ten patients and more: survival at six months pooled over them; the common curve and its median
month <- 30.4375
l <- lung[!is.na(lung$inst), ]; l <- l[l$inst %in% names(which(table(l$inst) >= 10)), ]
l$time <- l$time / month
times <- c(3, 6, 9, 12, 15, 18)
shares <- do.call(rbind, lapply(split(l, l$inst), function(d) {
  km <- survfit(Surv(time, status == 2) ~ 1, d); within <- times <= max(d$time)
  at <- times[within | (min(km$surv) == 0 & cumsum(!within) == 1)]  # also the interval in which the last patient died
  s <- c(1, summary(km, times = at, extend = TRUE)$surv)
  n <- sapply(c(0, head(at, -1)), function(t) sum(d$time > t))
  data.frame(inst = d$inst[1], time = at, share = s[-1] / head(s, -1), n = n)
}))
arcsine <- function(p, n) asin(sqrt((n * p + 0.25) / (n + 0.5)))
one <- do.call(rbind, lapply(split(l, l$inst), function(d) data.frame(
  s = summary(survfit(Surv(time, status == 2) ~ 1, d), times = 6)$surv, n = nrow(d))))
y <- arcsine(one$s, one$n)
beta <- sapply(times, function(t) with(shares[shares$time == t, ], weighted.mean(arcsine(share, n), n + 0.5)))
curve <- cumprod(sin(beta)^2); k <- which(curve < 0.5)[1]
out$centres <- list(trials = length(unique(l$inst)), patients = nrow(l), six = fit(y, 0.25 / (one$n + 0.5), "DL", "z"),
                    common = curve, median = approx(curve[c(k - 1, k)], times[c(k - 1, k)], 0.5)$y)

# curves that cross
w <- veteran; w$time <- w$time / month; w$trt <- w$trt - 1
cox <- coxph(Surv(time, status) ~ trt, w); zph <- cox.zph(cox)$table["trt", ]
horizons <- c(3, 6, 9, 12)
rmst <- function(d, tau) { t <- summary(survfit(Surv(time, status) ~ 1, d), rmean = tau)$table
  c(t[["rmean"]], t[["se(rmean)"]]) }
difference <- function(d, tau) { a <- rmst(d[d$trt == 1, ], tau); b <- rmst(d[d$trt == 0, ], tau)
  c(a[1] - b[1], a[2]^2 + b[2]^2) }
whole <- sapply(horizons, function(h) difference(w, h))
end <- function(a) if (min(survfit(Surv(time, status) ~ 1, a)$surv) == 0) Inf else max(a$time)  # 0 stays 0
followed <- sapply(split(w, w$celltype), function(d) min(sapply(split(d, d$trt), end)))
pooled <- lapply(horizons, function(h) {
  e <- sapply(names(which(followed >= h)), function(g) difference(w[w$celltype == g, ], h))
  c(list(k = ncol(e)), fit(e[1, ], e[2, ]))
})
by <- lapply(split(w, w$celltype), function(d)
  coxph(Surv(time, status) ~ trt + tt(trt), d, tt = function(x, t, ...) x * log(t), control = coxph.control(eps = 1e-11)))
weight <- lapply(by, function(r) solve(vcov(r)))
b <- solve(Reduce(`+`, weight), Reduce(`+`, Map(function(W, r) W %*% coef(r), weight, by)))
out$crossing <- list(
  data = data.frame(trial = as.character(w$celltype), arm = ifelse(w$trt == 1, "test", "standard"), days = veteran$time,
                    event = w$status),
  log_hr = coef(cox)[[1]], se = sqrt(vcov(cox)[1, 1]), zph = zph[["chisq"]], zph_p = zph[["p"]],
  horizons = horizons, difference = whole[1, ], difference_se = sqrt(whole[2, ]), followed = as.list(followed),
  pooled = list(k = sapply(pooled, `[[`, "k"), b = sapply(pooled, `[[`, "b"), lb = sapply(pooled, `[[`, "lb"),
                ub = sapply(pooled, `[[`, "ub")),
  time_varying = list(b = c(b), v = solve(Reduce(`+`, weight))))
write_json(out, file.path(here, "across_trials.json"), digits = NA, dataframe = "columns", auto_unbox = TRUE)
