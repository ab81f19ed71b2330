# Means and medians of numbers: scores, rolls and hours, in the designs that shares are compared in. A median is
# svyquantile's with qrule "math" and Woodruff's limits (interval.type "mean").
numbers <- function(case, design, items, domains = list()) {
  for (domain in c("", names(domains))) {
    part <- if (domain == "") design else eval(bquote(subset(design, .(domains[[domain]]))))
    for (item in items) {
      formula <- as.formula(paste0("~", item))
      base <- eval(bquote(subset(part, !is.na(.(as.name(item))))))
      mean <- svymean(formula, base)
      limits <- confint(mean, df = degf(base))
      half <- svyquantile(formula, base, 0.5, qrule = "math", interval.type = "mean", df = degf(base))[[1]]
      for (row in list(list("mean", coef(mean), SE(mean), limits[1], limits[2]),
                       list("median", half[1], half[4], half[2], half[3]))) {
        say(case, domain, item, paste0(row[[1]], "_value"), row[[2]])
        say(case, domain, item, paste0(row[[1]], "_standard_error"), row[[3]])
        say(case, domain, item, paste0(row[[1]], "_low"), row[[4]])
        say(case, domain, item, paste0(row[[1]], "_high"), row[[5]])
      }
    }
  }
}
# How the means of two groups of one sample vary together, and those of two items that all answered.
together <- function(case, design, items) {
  whole <- setdiff(items, "core")
  means <- vcov(svymean(reformulate(whole), design))
  for (pair in combn(whole, 2, simplify = FALSE))
    say(case, "", paste(pair, collapse = " "), "mean_covariance", means[pair[1], pair[2]])
  for (item in items) apart(case, design, item)
}
apart <- function(case, design, item) {
  base <- eval(bquote(subset(design, !is.na(.(as.name(item))))))
  groups <- vcov(svyby(as.formula(paste0("~", item)), ~stype, base, svymean, covmat = TRUE))
  for (pair in combn(c("E", "M", "H"), 2, simplify = FALSE))
    say(case, paste(pair, collapse = " "), item, "mean_covariance", groups[pair[1], pair[2]])
}
scores <- function(frame) data.frame(stype = as.character(frame$stype), dnum = frame$dnum, pw = frame$pw,
                                     fpc = frame$fpc, api00 = frame$api00, mobility = frame$mobility,
                                     core = frame$acs.core, enroll = frame$enroll)
strat <- scores(apistrat); clus <- scores(apiclus1); measured <- c("api00", "mobility", "core", "enroll")
put(strat, "scores_strata"); put(clus, "scores_clusters")
numbers("numbers: weights", svydesign(id = ~1, weights = ~pw, data = strat), measured, types)
numbers("numbers: strata and fpc", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat), measured)
design <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus)
numbers("numbers: clusters and fpc", design, measured, types["E"])
together("numbers: clusters and fpc", design, measured)
design <- svydesign(id = ~dnum, weights = ~pw, data = clus)
made <- as.svrepdesign(design, type = "JK1", compress = FALSE)
weights <- as.matrix(unclass(weights(made, "analysis"))); colnames(weights) <- paste0("rep", seq_len(ncol(weights)))
put(cbind(clus, weights), "scores_jk1")
again <- svrepdesign(data = cbind(clus, weights), weights = ~pw, repweights = "rep[0-9]+", type = "other",
                     scale = made$scale, rscales = made$rscales, combined.weights = TRUE)
numbers("numbers: JK1", again, measured, types["E"])
together("numbers: JK1", again, measured)
say("numbers: JK1", "", "", "scale", made$scale)
