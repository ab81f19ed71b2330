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
