# Writes the data and the expected values that tests/reference/test_reference.py compares with.
# Needs R and its package survey (Debian: r-base-core, r-cran-survey). Run with `make reference`.
suppressMessages(library(survey))
folder <- commandArgs(trailingOnly = TRUE)[1]
data(api); data(nhanes); data(scd)
results <- list()
say <- function(case, domain, item, quantity, value)
  results[[length(results) + 1]] <<- data.frame(case, domain, item, quantity, value = sprintf("%.17g", value))

# Shares, standard errors, design effects and both intervals of yes/no columns in a design and parts of it.
shares <- function(case, design, items, domains = list(), simple = TRUE) {
  for (domain in c("", names(domains))) {
    part <- if (domain == "") design else eval(bquote(subset(design, .(domains[[domain]]))))
    for (item in items) {
      formula <- as.formula(paste0("~", item))
      base <- eval(bquote(subset(part, !is.na(.(as.name(item))))))
      mean <- svymean(formula, base, deff = if (simple) "replace" else FALSE)
      say(case, domain, item, "share", coef(mean))
      say(case, domain, item, "standard_error", SE(mean))
      say(case, domain, item, "degrees_of_freedom", degf(base))
      say(case, domain, item, "base", nrow(base))
      if (simple) say(case, domain, item, "design_effect", deff(mean))
      for (method in c("xlogit", "beta")) {
        limits <- attr(svyciprop(formula, base, method = method), "ci")
        say(case, domain, item, paste0(method, "_low"), limits[1])
        say(case, domain, item, paste0(method, "_high"), limits[2])
      }
    }
    if (length(items) > 1) {
      both <- svymean(as.formula(paste("~", paste(items[1:2], collapse = "+"))), part, na.rm = case == "nhanes")
      if (!anyNA(coef(both))) {
        say(case, domain, paste(items[1:2], collapse = " "), "covariance", vcov(both)[1, 2])
        say(case, domain, paste(items[1:2], collapse = " "), "difference_error",
            SE(svycontrast(both, c(1, -1))))
      }
    }
  }
}
# Rao and Scott's F for a table of two columns, and a difference between two domains with its standard error.
table_of <- function(case, design, rows, columns) {
  test <- svychisq(as.formula(paste0("~", rows, "+", columns)), design, statistic = "F")
  say(case, columns, rows, "F", test$statistic)
  say(case, columns, rows, "ndf", test$parameter[1])
  say(case, columns, rows, "ddf", test$parameter[2])
  say(case, columns, rows, "p", test$p.value)
}
between <- function(case, design, item, by, first, second) {
  design <- eval(bquote(subset(design, !is.na(.(as.name(item))))))
  means <- svyby(as.formula(paste0("~", item)), as.formula(paste0("~", by)), design, svymean, covmat = TRUE)
  weights <- (names(coef(means)) == first) - (names(coef(means)) == second)
  say(case, paste(first, second), item, "between_difference", sum(coef(means) * weights))
  say(case, paste(first, second), item, "between_error", sqrt(drop(weights %*% vcov(means) %*% weights)))
}

yes <- function(x) as.numeric(x == "Yes")
prepare <- function(frame) data.frame(
  stype = as.character(frame$stype), dnum = frame$dnum, pw = frame$pw, fpc = frame$fpc,
  wide = yes(frame$sch.wide), improved = yes(frame$comp.imp),
  awarded = ifelse(frame$api.stu < 150, NA, yes(frame$awards)), both = yes(frame$both))
strat <- prepare(apistrat); clus <- prepare(apiclus1)
items <- c("wide", "improved", "awarded", "both")
types <- list(E = quote(stype == "E"), H = quote(stype == "H"))

design <- svydesign(id = ~1, weights = ~pw, data = strat)
shares("weights", design, items, types); table_of("weights", design, "improved", "stype")
between("weights", design, "improved", "stype", "E", "H")
design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat)
shares("strata", design, items, list(improved = quote(improved == 1)))
table_of("strata", design, "wide", "improved")
design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
shares("strata and fpc", design, items, list(improved = quote(improved == 1)))
design <- svydesign(id = ~dnum, weights = ~pw, data = clus)
shares("clusters", design, items, types); table_of("clusters", design, "improved", "stype")
between("clusters", design, "improved", "stype", "E", "H")
design <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus)
shares("clusters and fpc", design, items, types); table_of("clusters and fpc", design, "wide", "stype")

# A stratum with a single school, under each rule.
lonely <- rbind(strat[strat$stype != "H", ], strat[strat$stype == "H", ][1, ])
for (rule in c("adjust", "certainty", "average")) {
  options(survey.lonely.psu = rule)
  design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lonely)
  shares(paste("lonely", rule), design, c("wide", "improved", "both"), list(improved = quote(improved == 1)))
}
options(survey.lonely.psu = "fail")

# Strata and clusters together, with a group that hardly anybody in some of them belongs to.
people <- data.frame(psu = nhanes$SDMVPSU, stratum = nhanes$SDMVSTRA, weight = nhanes$WTMEC2YR,
                     high = nhanes$HI_CHOL, race = as.character(nhanes$race),
                     sex = ifelse(nhanes$RIAGENDR == 1, "male", "female"), age = as.character(nhanes$agecat))
people$not_high <- 1 - people$high
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = people)
shares("nhanes", design, c("high", "not_high"), list(male = quote(sex == "male"), other = quote(race == "4")))
table_of("nhanes", design, "high", "race"); table_of("nhanes", design, "high", "age")
between("nhanes", design, "high", "sex", "male", "female")

# Replicate weights of every kind, made from the designs above, and the balanced ones of a textbook.
replicates <- function(case, design, frame, file, ...) {
  made <- as.svrepdesign(design, compress = FALSE, ...)
  weights <- as.matrix(unclass(weights(made, "analysis"))); colnames(weights) <- paste0("rep", seq_len(ncol(weights)))
  frame <- cbind(frame, weights)
  write.csv(frame, file.path(folder, file), row.names = FALSE, na = "")
  for (mse in c(FALSE, TRUE)) {
    again <- svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = "other", scale = made$scale,
                         rscales = made$rscales, combined.weights = TRUE, mse = mse)
    shares(paste(case, if (mse) "mse" else "mean"), again, c("wide", "improved", "both"), types, simple = FALSE)
  }
  say(case, "", "", "scale", made$scale)
  say(case, "", "", "rscale", made$rscales[1]); say(case, "", "", "rscales", sum(made$rscales))
}
clustered <- svydesign(id = ~dnum, weights = ~pw, data = clus)
replicates("JK1", clustered, clus, "api_jk1.csv", type = "JK1")
set.seed(2005)
replicates("bootstrap", clustered, clus, "api_bootstrap.csv", type = "bootstrap", replicates = 20)
scd$alive_half <- as.numeric(scd$alive > 25)
brr <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
frame <- data.frame(ESA = scd$ESA, pw = scd$arrests, half = scd$alive_half, brr * scd$arrests)
names(frame)[4:7] <- paste0("rep", 1:4)
write.csv(frame, file.path(folder, "scd_brr.csv"), row.names = FALSE)
design <- suppressWarnings(svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = "BRR",
                                       combined.weights = TRUE))
shares("BRR", design, "half", simple = FALSE)
design <- suppressWarnings(svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = "Fay", rho = 0.3,
                                       combined.weights = TRUE))
shares("Fay", design, "half", simple = FALSE)

write.csv(strat, file.path(folder, "api_strata.csv"), row.names = FALSE, na = "")
write.csv(lonely, file.path(folder, "api_lonely.csv"), row.names = FALSE, na = "")
write.csv(clus, file.path(folder, "api_clusters.csv"), row.names = FALSE, na = "")
write.csv(people, file.path(folder, "nhanes.csv"), row.names = FALSE, na = "")
write.csv(do.call(rbind, results), file.path(folder, "expected.csv"), row.names = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), file.path(folder, "versions.txt"))
