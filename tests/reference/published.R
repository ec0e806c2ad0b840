# Pools of the packaged collections that vignettes compare with published ones, by metafor and lme4.
#
#   Rscript tests/reference/published.R     writes published.json beside it
#
# Rows are read from datasets/. REML and ML run to the end of their iterations (tolerance 1e-14).
suppressMessages({library(metafor); library(lme4); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
read <- function(name) read.csv(file.path(here, "../../datasets", name, "evidence.csv"), na.strings = "")
CTRL <- list(maxiter = 10000, threshold = 1e-14)
fields <- function(r) c(lapply(list(estimate = exp(c(r$beta)), ci_low = exp(r$ci.lb), ci_high = exp(r$ci.ub),
                               p = r$pval, tau2 = r$tau2, i2 = r$I2, q = r$QE, q_p = r$QEp), as.numeric), k = r$k)
fit <- function(yi, vi, method = "FE", test = "z") {
  r <- rma(yi, vi, method = method, test = test, control = if (method %in% c("FE", "DL")) list() else CTRL)
  out <- fields(r)
  if (method != "FE") { p <- predict(r); out$pi_low <- exp(p$pi.lb); out$pi_high <- exp(p$pi.ub) }
  out
}
ratio <- function(d, what = "hr") {
  z <- qnorm(0.975)
  low <- d[[paste0(sub("odds_ratio", "or", what), "_low")]]; high <- d[[paste0(sub("odds_ratio", "or", what), "_high")]]
  data.frame(yi = log(d[[what]]), vi = ((log(high) - log(low)) / (2 * z))^2)
}
egfr <- read("egfr_crc")
pick <- function(ids) { d <- egfr[match(ids, egfr$row_id), ]; stopifnot(!anyNA(d$row_id)); d }
pool <- function(ids, method = "FE", test = "z", what = "hr") { e <- ratio(pick(ids), what); fit(e$yi, e$vi, method, test) }
within <- function(mutant, wild, method) {
  m <- ratio(pick(mutant)); w <- ratio(pick(wild)); fit(m$yi - w$yi, m$vi + w$vi, method)
}
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                            lme4 = as.character(packageVersion("lme4"))))

third <- c("co17-cetuximab-kras-wt-pfs", "20020408-panitumumab-kras-wt-pfs")
first <- c("crystal-cetuximab-kras-wt-pfs-2011", "opus-cetuximab-kras-wt-pfs-2011", "coin-cetuximab-kras-wt-pfs",
           "nordic7-cetuximab-kras-wt-pfs", "prime-panitumumab-kras-wt-pfs-2010", "20050181-panitumumab-kras-wt-pfs-2010")
infusional <- sub("kras-wt-pfs$", "kras-wt-5fu-pfs", first[3])
fu <- replace(first, 3, infusional)
has_mutant <- first[-3]
out$vale2012 <- list(third = pool(third), third_interaction = within(sub("-wt-", "-mut-", third), third, "FE"),
  first = pool(first), first_DL = pool(first, "DL"), first_REML = pool(first, "REML"),
  first_HKSJ = pool(first, "REML", "knha"), fluorouracil = pool(fu),
  fluorouracil_alone = pool(setdiff(fu, "nordic7-cetuximab-kras-wt-pfs")),
  first_interaction = within(sub("-wt-", "-mut-", has_mutant), has_mutant, "FE"))

pfs <- c(third, "crystal-cetuximab-kras-wt-pfs-2009", "opus-cetuximab-kras-wt-pfs-2009")
os <- c(sub("pfs", "os", third), "crystal-cetuximab-kras-wt-os-2009")
out$dahabreh2011 <- list()
for (m in c("FE", "DL", "REML")) {
  out$dahabreh2011[[paste0("pfs_", m)]] <- within(sub("-wt-", "-mut-", pfs), pfs, m)
  out$dahabreh2011[[paste0("os_", m)]] <- within(sub("-wt-", "-mut-", os), os, m)
}
difference <- { m <- ratio(pick(sub("-wt-", "-mut-", os))); w <- ratio(pick(os))
  fit(m$yi - w$yi, m$vi + w$vi, "REML", "knha") }
out$dahabreh2011$os_HKSJ <- difference

two <- c("crystal-cetuximab-kras-wt-pfs-2011", "opus-cetuximab-kras-wt-pfs-2011")
for (o in c("pfs", "os", "orr"))
  out$bokemeyer2012[[o]] <- pool(sub("pfs", o, two), what = if (o == "orr") "odds_ratio" else "hr")

seven <- c("co17-cetuximab-kras-wt-pfs", "20020408-panitumumab-kras-wt-pfs", "crystal-cetuximab-kras-wt-pfs-2011",
           "opus-cetuximab-kras-wt-pfs-2009", "prime-panitumumab-kras-wt-pfs-2010", "20050181-panitumumab-kras-wt-pfs-2010",
           "coin-cetuximab-kras-wt-pfs")
six <- sub("pfs", "os", seven[-4])
panitumumab <- function(ids) ids[grepl("panitumumab", ids)]
cetuximab <- function(ids) ids[grepl("cetuximab", ids)]
out$petrelli2011 <- list(pfs = pool(seven, "DL"), os = pool(six, "DL"),
  pfs_panitumumab = pool(panitumumab(seven), "DL"), os_panitumumab = pool(panitumumab(six), "DL"),
  pfs_cetuximab = pool(cetuximab(seven), "DL"), os_cetuximab = pool(cetuximab(six), "DL"),
  pfs_pretreated = pool(seven[c(1, 2, 6)], "DL"))

zhang <- read("zhang2015")
for (o in c("os", "pfs")) { e <- ratio(zhang[zhang$outcome == o, ]); out$zhang2015[[o]] <- fit(e$yi, e$vi, "DL")
  out$zhang2015[[paste0(o, "_HKSJ")]] <- fit(e$yi, e$vi, "REML", "knha") }
kept <- zhang$outcome == "os" & !zhang$trial %in% c("Odicino 2008", "Backe 1997", "Peiro 2004")
e <- ratio(zhang[kept, ]); out$zhang2015$os_without_narrow <- fit(e$yi, e$vi, "DL")

steurer <- read("steurer2006")
for (m in c("FE", "DL", "REML")) out$steurer2006[[m]] <- fit(steurer$log_hr, steurer$log_hr_se^2, m)
out$steurer2006$HKSJ <- fit(steurer$log_hr, steurer$log_hr_se^2, "REML", "knha")

pignon <- read("pignon2000")
e <- data.frame(yi = pignon$o_minus_e / pignon$v, vi = 1 / pignon$v)
out$pignon2000$all <- fit(e$yi, e$vi)
out$pignon2000$all_REML <- fit(e$yi, e$vi, "REML")
late <- grepl("concomitant", read.csv(file.path(here, "../../datasets/pignon2000/arms.csv"))$regimen[
  match(pignon$arm_id, read.csv(file.path(here, "../../datasets/pignon2000/arms.csv"))$arm_id)])
out$pignon2000$concomitant_REML <- fit(e$yi[late], e$vi[late], "REML", "knha")

lung <- c("codebreak100-nsclc-2-orr", "krystal1-nsclc-orr", "go42144-nsclc-orr-2023", "d1553-nsclc-orr",
          "gfh925-nsclc-orr", "jab21822-nsclc-orr")
g12c <- read("g12c")
inverse <- function(r) { r[c("estimate", "ci_low", "ci_high")] <- lapply(r[c("estimate", "ci_low", "ci_high")],
  function(x) plogis(log(x))); if (!is.null(r$pi_low)) { r$pi_low <- plogis(log(r$pi_low)); r$pi_high <- plogis(log(r$pi_high)) }; r }
glmm <- function(d) {
  f <- glmer(cbind(events, n - events) ~ 1 + (1 | row_id), family = binomial, data = d, nAGQ = 100,
             control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
  b <- fixef(f); s <- sqrt(vcov(f)[1, 1]); z <- qnorm(0.975)
  list(estimate = plogis(b[[1]]), ci_low = plogis(b[[1]] - z * s), ci_high = plogis(b[[1]] + z * s),
       tau2 = VarCorr(f)$row_id[1], k = nrow(d))
}
arms <- function(ids) { d <- g12c[match(ids, g12c$row_id), ]; stopifnot(!anyNA(d$events)); d }
newest <- sub("2023", "2025", sub("nsclc-2-orr", "nsclc-orr", lung))
out$g12c <- list(six = glmm(arms(lung)), newest = glmm(arms(newest)),
  randomised = glmm(arms(c(newest, "codebreak200-sotorasib-orr", "krystal12-adagrasib-orr"))))
d <- arms(lung); e <- escalc("PLO", xi = events, ni = n, data = d)
out$g12c$six_REML <- inverse(fit(e$yi, e$vi, "REML")); out$g12c$six_HKSJ <- inverse(fit(e$yi, e$vi, "REML", "knha"))
write_json(out, file.path(here, "published.json"), auto_unbox = TRUE, digits = 15, pretty = 1)
