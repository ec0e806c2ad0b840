# Power of the mean of k effects, for tests/analysis/simulation/test_plan.py: R's own power.t.test (both tails), and the
# normal test. Rscript tests/reference/plan.R
designs <- expand.grid(ratio = c(0.6, 0.8, 1.4), k = c(3, 8), events = c(80, 250), tau = c(0, 0.15), share = c(NA, 0.4))
rows <- lapply(seq_len(nrow(designs)), function(i) {
  d <- designs[i, ]
  v <- 4 / d$events
  if (!is.na(d$share)) v <- v / (d$share * (1 - d$share))
  sd <- sqrt(v + d$tau^2)
  t <- power.t.test(n = d$k, delta = abs(log(d$ratio)), sd = sd, type = "one.sample", strict = TRUE)$power
  z <- pnorm(abs(log(d$ratio)) / sd * sqrt(d$k) - qnorm(0.975)) + pnorm(-abs(log(d$ratio)) / sd * sqrt(d$k) - qnorm(0.975))
  sprintf('{"ratio": %.15g, "k": %d, "events": %d, "tau": %.15g, "share": %s, "t": %.15g, "z": %.15g}', d$ratio, d$k,
          d$events, d$tau, ifelse(is.na(d$share), "null", format(d$share)), t, z)
})
needed <- power.t.test(delta = abs(log(0.8)), sd = sqrt(4 / 150 + 0.1^2), type = "one.sample", power = 0.8, strict = TRUE)$n
writeLines(sprintf('{"designs": [\n%s\n], "trials_for_80": %.15g}', paste(unlist(rows), collapse = ",\n"), needed),
           "tests/reference/plan.json")
