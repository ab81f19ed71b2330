# More designs: a poll with answers missing, strata taken in full, two-stage clusters, replicate weights of more kinds.

# The poll before Chile's plebiscite of 1988: one question with four answers, and people who gave none. Weights
# of 0 (every seventh person) and enormous ones must change nothing but what they should.
poll <- data.frame(region = as.character(Chile$region), weight = Chile$population / 1000, sex = as.character(Chile$sex),
                   education = as.character(Chile$education), vote = as.character(Chile$vote))
for (answer in c("Y", "N", "U", "A")) poll[[answer]] <- as.numeric(poll$vote == answer)
poll$large <- poll$weight * 1e9
poll$gaps <- ifelse(seq_len(nrow(poll)) %% 7 == 0, 0, poll$weight)
put(poll, "chile")
for (weight in c("weight", "large", "gaps")) {
  design <- svydesign(id = ~1, strata = ~region, weights = as.formula(paste0("~", weight)), data = poll)
  answered <- subset(design, !is.na(vote))
  if (weight == "gaps") answered <- subset(answered, gaps > 0)
  case <- paste("poll", weight)
  shares(case, answered, c("Y", "N", "U", "A"), list(F = quote(sex == "F"), PS = quote(education == "PS")))
}

# Corrections as numbers of clusters and as fractions; a stratum taken in full, and one of a single cluster that
# is all there is of it.
hospitals <- data.frame(stratum = hospital$oblevel, weight = hospital$weighta, total = hospital$tothosp,
                        fraction = ave(hospital$tothosp, hospital$oblevel, FUN = length) / hospital$tothosp,
                        busy = as.numeric(hospital$births > 400), large = as.numeric(hospital$births > 1000))
put(hospitals, "hospitals")
shares("hospitals count", svydesign(id = ~1, strata = ~stratum, weights = ~weight, fpc = ~total, data = hospitals),
       c("busy", "large"))
shares("hospitals fraction", svydesign(id = ~1, strata = ~stratum, weights = ~weight, fpc = ~fraction,
                                       data = hospitals), c("busy", "large"))
full <- data.frame(stratum = fpc$stratid, cluster = fpc$psuid, weight = fpc$weight, total = fpc$Nh,
                   known = ifelse(fpc$stratid == 1, fpc$nh, fpc$Nh),
                   high = as.numeric(fpc$x > 4), higher = as.numeric(fpc$x > 6))
put(full, "full")
design <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~known, nest = TRUE, data = full)
shares("one stratum in full", design, c("high", "higher"), list(two = quote(stratum == 2)))
single <- rbind(full[full$stratum == 2, ], full[full$stratum == 1, ][1, ])
single$known <- ifelse(single$stratum == 1, 1, single$total)
put(single, "single")
design <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~known, nest = TRUE, data = single)
shares("all there is", design, c("high", "higher"))
for (rule in c("adjust", "certainty", "average")) {
  options(survey.lonely.psu = rule)
  design <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~total, nest = TRUE, data = single)
  shares(paste("single cluster", rule), design, c("high", "higher"))
}
options(survey.lonely.psu = "fail")

# Replicate weights as factors of the weight, with a scale for each, and the kinds whose scale is their definition.
kinds <- function(case, design, frame, items, domains, ...) {
  made <- as.svrepdesign(design, compress = FALSE, ...)
  factors <- as.matrix(unclass(weights(made, "analysis"))) / frame$pw
  colnames(factors) <- paste0("rep", seq_len(ncol(factors)))
  frame <- cbind(frame, factors)
  put(frame, case)
  for (place in seq_along(made$rscales)) say(case, place, "", "rscales", made$rscales[place])
  say(case, "", "", "scale", made$scale)
  for (kind in c("JKn", "ACS", "successive-difference", "JK2")) {
    again <- suppressWarnings(svrepdesign(data = frame, weights = ~pw, repweights = "rep[0-9]+", type = kind,
      scale = made$scale, rscales = made$rscales, combined.weights = FALSE, mse = kind == "ACS"))
    shares(paste(case, kind), again, items, domains, simple = FALSE)
  }
}
clustered <- svydesign(id = ~dnum, strata = ~level, weights = ~pw, nest = TRUE,
                       data = transform(clus, level = ifelse(dnum < 400, "a", "b")))
kinds("api_jkn", clustered, clus, c("wide", "improved", "both"), types, type = "JKn")

# Two stages: districts, and schools within them, of which the population's numbers are known. Of one stratum all
# districts are in the sample, so that only schools vary; some districts have a single school in the sample.
staged <- cbind(prepare(transform(apiclus2, fpc = fpc1)), school = apiclus2$snum, within = apiclus2$fpc2)
put(staged, "api_stages")
shares("two stages", svydesign(id = ~dnum + school, weights = ~pw, fpc = ~fpc + within, data = staged),
       c("wide", "improved", "awarded"), types)
staged$level <- ifelse(staged$dnum < 300, "a", ifelse(staged$dnum < 600, "b", "c"))
districts <- ave(staged$dnum, staged$level, FUN = function(x) length(unique(x)))
staged$drawn <- ifelse(staged$level == "a", 1, ifelse(staged$level == "b", districts / 150, 0.25))
staged$asked <- pmin(1, ave(staged$school, staged$dnum, FUN = length) / staged$within)
put(staged, "api_levels")
shares("two stages, one stratum in full",
       svydesign(id = ~dnum + school, strata = ~level, weights = ~pw, fpc = ~drawn + asked, data = staged),
       c("wide", "improved", "awarded"), types)
single <- staged[staged$asked == 1 | !duplicated(staged$dnum) | staged$level == "c", ]
single$asked <- ave(single$school, single$dnum, FUN = length) / single$within
put(single, "api_alone")
for (rule in c("adjust", "certainty")) {
  options(survey.lonely.psu = rule)
  design <- svydesign(id = ~dnum + school, strata = ~level, weights = ~pw, fpc = ~drawn + asked, data = single)
  shares(paste("two stages", rule), design, c("wide", "improved"), types[1])
}
options(survey.lonely.psu = "fail")
