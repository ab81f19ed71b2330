# What R's package survey says of a design, put down as rows of expected.csv.
results <- list()
say <- function(case, domain, item, quantity, value)
  results[[length(results) + 1]] <<- data.frame(case, domain, item, quantity, value = sprintf("%.17g", value))
put <- function(frame, name) write.csv(frame, file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "")

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
      say(case, domain, item, "base", sum(weights(base, "sampling") > 0))
      if (simple) say(case, domain, item, "design_effect", deff(mean))
      for (method in c("xlogit", "beta")) {
        limits <- attr(svyciprop(formula, base, method = method), "ci")
        say(case, domain, item, paste0(method, "_low"), limits[1])
        say(case, domain, item, paste0(method, "_high"), limits[2])
      }
    }
    if (length(items) > 1) {
      both <- svymean(as.formula(paste("~", paste(items[1:2], collapse = "+"))), part, na.rm = TRUE)
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
# Rao and Scott's F for answers that are expected to be equally common, from their shares and covariances.
fit_of <- function(case, design, item) {
  design <- eval(bquote(subset(design, !is.na(.(as.name(item))))))
  means <- svymean(as.formula(paste0("~", item)), design)
  even <- 1 / length(coef(means))
  effects <- vcov(means) / even
  degrees <- sum(diag(effects))^2 / sum(effects^2)
  statistic <- sum((coef(means) - even)^2 / even) / sum(diag(effects))
  say(case, "", item, "fit_F", statistic)
  say(case, "", item, "fit_ndf", degrees)
  say(case, "", item, "fit_ddf", degrees * degf(design))
  say(case, "", item, "fit_p", pf(statistic, degrees, degrees * degf(design), lower.tail = FALSE))
}
