# Writes the data and the expected values that tests/reference/test_reference.py compares with.
# Needs R with its packages survey and carData (Debian: r-base-core, r-cran-survey, r-cran-cardata). Run with
# `make reference`.
suppressMessages({library(survey); library(carData)})
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(folder, "reckoning.R"))
data(api); data(nhanes); data(scd); data(hospital); data(fpc)

yes <- function(x) as.numeric(x == "Yes")
prepare <- function(frame) data.frame(
  stype = as.character(frame$stype), dnum = frame$dnum, pw = frame$pw, fpc = frame$fpc,
  wide = yes(frame$sch.wide), improved = yes(frame$comp.imp),
  awarded = ifelse(frame$api.stu < 150, NA, yes(frame$awards)), both = yes(frame$both))
strat <- prepare(apistrat); clus <- prepare(apiclus1)
items <- c("wide", "improved", "awarded", "both")
types <- list(E = quote(stype == "E"), H = quote(stype == "H"))

design <- svydesign(id = ~1, weights = ~pw, data = strat)
shares("weights", design, items, types)
design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat)
shares("strata", design, items, list(improved = quote(improved == 1)))
design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
shares("strata and fpc", design, items, list(improved = quote(improved == 1)))
design <- svydesign(id = ~dnum, weights = ~pw, data = clus)
shares("clusters", design, items, types)
design <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus)
shares("clusters and fpc", design, items, types)

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

# Replicate weights of every kind, made from the designs above, and the balanced ones of a textbook.
replicates <- function(case, design, frame, file, ...) {
  made <- as.svrepdesign(design, compress = FALSE, ...)
  weights <- as.matrix(unclass(weights(made, "analysis"))); colnames(weights) <- paste0("rep", seq_len(ncol(weights)))
  frame <- cbind(frame, weights)
  put(frame, file)
  for (mse in c(FALSE, TRUE)) {
    again <- svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = "other", scale = made$scale,
                         rscales = made$rscales, combined.weights = TRUE, mse = mse)
    shares(paste(case, if (mse) "mse" else "mean"), again, c("wide", "improved", "both"), types, simple = FALSE)
  }
  say(case, "", "", "scale", made$scale)
  say(case, "", "", "rscale", made$rscales[1]); say(case, "", "", "rscales", sum(made$rscales))
}
clustered <- svydesign(id = ~dnum, weights = ~pw, data = clus)
replicates("JK1", clustered, clus, "api_jk1", type = "JK1")
set.seed(2005)
replicates("bootstrap", clustered, clus, "api_bootstrap", type = "bootstrap", replicates = 20)
scd$alive_half <- as.numeric(scd$alive > 25)
brr <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
frame <- data.frame(ESA = scd$ESA, pw = scd$arrests, half = scd$alive_half, brr * scd$arrests)
names(frame)[4:7] <- paste0("rep", 1:4)
put(frame, "scd_brr")
design <- suppressWarnings(svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = "BRR",
                                       combined.weights = TRUE))
shares("BRR", design, "half", simple = FALSE)
design <- suppressWarnings(svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = "Fay", rho = 0.3,
                                       combined.weights = TRUE))
shares("Fay", design, "half", simple = FALSE)

put(strat, "api_strata"); put(lonely, "api_lonely"); put(clus, "api_clusters"); put(people, "nhanes")

source(file.path(folder, "further.R"))
source(file.path(folder, "tables.R"))
source(file.path(folder, "numbers.R"))
write.csv(do.call(rbind, results), file.path(folder, "expected.csv"), row.names = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey")), paste("carData", packageVersion("carData"))),
           file.path(folder, "versions.txt"))
