# Pinned references of the published classics in datasets/: the figures as two R packages compiled them, and their pools
# by metafor. Writes classics.json beside this file: Rscript tests/reference/classics.R FOLDER, where FOLDER holds dat.*.rda
# of metadat 1.7-2 (its data/) and Zhang.csv, which write.csv(metamisc::Zhang, row.names = FALSE) writes.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

folder <- commandArgs(TRUE)[1]
for (name in c("pignon2000", "steurer2006", "greb2008", "begg1989", "bcg"))
  load(file.path(folder, paste0("dat.", name, ".rda")))
zhang <- read.csv(file.path(folder, "Zhang.csv"))
exact <- list(threshold = 1e-14, maxiter = 10000, stepadj = 0.5)

of <- function(r) list(estimate = as.vector(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, k = r$k,
                       tau2 = r$tau2, q = r$QE, q_p = r$QEp, i2 = r$I2)
of_mh <- function(r) of(r)[c("estimate", "se", "ci_low", "ci_high", "k", "q", "q_p")]
fit <- function(yi, vi, method, ...) of(rma(yi, vi, method = method, control = if (method %in% c("REML", "ML")) exact, ...))
regression <- function(r) list(estimate = as.vector(r$beta), se = r$se, tau2 = r$tau2, q = r$QE, q_model = r$QM,
                               q_model_p = r$QMp, r2 = r$R2)

pignon <- transform(dat.pignon2000, yi = OmE / V, vi = 1 / V)
by_timing <- function(g) with(pignon[pignon$grp == g, ], fit(yi, vi, "EE"))
differ <- rma(yi, vi, mods = ~ factor(grp), data = pignon, method = "EE")

hazard <- transform(zhang, yi = log(HR), vi = ((log(HR.975) - log(HR.025)) / (2 * qnorm(0.975)))^2)
of_outcome <- function(o) with(hazard[hazard$outcome == o, ], fit(yi, vi, "DL"))

arms <- data.frame(study = dat.begg1989$study, trt = dat.begg1989$trt, arms = dat.begg1989$arms,
                   yi = as.vector(dat.begg1989$yi), sei = dat.begg1989$sei)
both <- arms[arms$arms == 2, ]
bmt <- both[both$trt == "BMT", ]
cmo <- both[both$trt == "CMO", ]

mh <- function(m, d) of_mh(rma.mh(measure = m, ai = Ee, n1i = Ne, ci = Ec, n2i = Nc, data = d))
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)

out <- list(
  versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))),
  data = list(pignon2000 = dat.pignon2000, steurer2006 = dat.steurer2006, greb2008 = dat.greb2008, zhang2015 = zhang,
              begg1991 = arms, bcg = dat.bcg),
  pignon2000 = list(all = with(pignon, fit(yi, vi, "EE")), adjuvant = by_timing(1), neoadjuvant = by_timing(2),
                    concomitant = by_timing(3), between = list(q = differ$QM, p = differ$QMp)),
  steurer2006 = with(dat.steurer2006, list(CE = fit(lnHR, selnHR^2, "EE"), DL = fit(lnHR, selnHR^2, "DL"))),
  greb2008 = list(RR = mh("RR", dat.greb2008), OR = mh("OR", dat.greb2008),
                  OR_13 = mh("OR", dat.greb2008[dat.greb2008$study != "Rodriguez 2003", ])),
  zhang2015 = list(os = of_outcome("OS"), pfs = of_outcome("PFS")),
  begg1991 = list(
    differences = fit(bmt$yi - cmo$yi, bmt$sei^2 + cmo$sei^2, "DL"),
    BMT = with(arms[arms$trt == "BMT", ], fit(yi, sei^2, "ML")),
    CMO = with(arms[arms$trt == "CMO", ], fit(yi, sei^2, "ML")),
    by_treatment = regression(rma(yi, sei^2, mods = ~ trt == "CMO", data = arms, method = "ML", control = exact))),
  bcg = list(REML = fit(bcg$yi, bcg$vi, "REML"),
             latitude = regression(rma(yi, vi, mods = ~ ablat, data = bcg, method = "REML", control = exact)))
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "classics.json"), digits = I(17), na = "string", auto_unbox = TRUE,
           dataframe = "columns")
