# A full table: a weighted list of which several were chosen, from a sample with strata and clusters, by two groupings;
# every pair of groups is tested, and p-values are adjusted within a grouping (Holm).
set.seed(2027)
frame <- data.frame(district = apipop$dnum, school = apipop$snum, part = cut(apipop$cnum, c(0, 18, 30, 40, 60), LETTERS[1:4]),
                    level = as.character(apipop$stype), meals = apipop$meals, wide = yes(apipop$sch.wide),
                    improved = yes(apipop$comp.imp), awarded = yes(apipop$awards),
                    large = as.numeric(apipop$enroll > 800), learners = as.numeric(apipop$ell > 25))
frame <- frame[complete.cases(frame), ]
districts <- unique(frame[c("part", "district")])
drawn <- unlist(lapply(split(districts$district, districts$part), function(all) sample(all, min(length(all), 12))))
schools <- frame[frame$district %in% drawn, ]
picked <- unlist(lapply(split(seq_len(nrow(schools)), schools$district),
                        function(rows) rows[sample.int(length(rows), min(length(rows), 16))]))
known <- pmax(1, as.numeric(table(districts$part)) / 12)[as.integer(schools$part)] * ave(schools$school, schools$district, FUN = length)
schools <- cbind(schools, known = as.numeric(known))[sort(picked), ]
schools$weight <- round(schools$known / ave(schools$school, schools$district, FUN = length), 4)
schools$poverty <- as.character(cut(schools$meals, c(-1, 25, 50, 75, 100), c("low", "some", "much", "high")))
# Every twentieth gave no answer at all.
chosen <- c("wide", "improved", "awarded", "large", "learners")
schools[seq(20, nrow(schools), 20), chosen] <- NA
schools <- schools[c("part", "district", "weight", "level", "poverty", chosen)]
put(schools, "tables")

design <- svydesign(id = ~district, strata = ~part, weights = ~weight, nest = TRUE, data = schools)
design <- subset(design, !is.na(wide))
for (variable in c("level", "poverty")) {
  groups <- sort(unique(schools[[variable]])); tests <- list()
  for (item in chosen) {
    by <- svyby(as.formula(paste0("~", item)), as.formula(paste0("~", variable)), design, svymean, covmat = TRUE)
    for (group in groups) {
      part <- eval(bquote(subset(design, .(as.name(variable)) == .(group))))
      say("tables", paste0(variable, "=", group), item, "share", coef(by)[group])
      say("tables", paste0(variable, "=", group), item, "base", nrow(part))
      say("tables", paste0(variable, "=", group), item, "weighted_base", sum(weights(part)))
    }
    for (pair in combn(groups, 2, simplify = FALSE)) {
      wanted <- setNames(c(1, -1), pair)
      found <- svycontrast(by, wanted)
      freedom <- min(sapply(pair, function(group)
        degf(eval(bquote(subset(design, .(as.name(variable)) == .(group)))))))
      tests[[length(tests) + 1]] <- list(item = item, pair = paste(pair, collapse = " "), difference = coef(found),
        difference_error = SE(found), p_value = 2 * pt(-abs(coef(found) / SE(found)), freedom))
    }
  }
  adjusted <- p.adjust(sapply(tests, function(test) test$p_value), method = "holm")
  for (place in seq_along(tests)) {
    test <- tests[[place]]
    for (name in c("difference", "difference_error", "p_value"))
      say("tables", paste0(variable, ": ", test$pair), test$item, name, test[[name]])
    say("tables", paste0(variable, ": ", test$pair), test$item, "p_holm", adjusted[place])
  }
}
