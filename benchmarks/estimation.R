# Times R's package survey on the respondents that benchmarks/estimation.py wrote, reading them not counted.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(arguments[2]); items <- as.integer(arguments[3])
file <- file(arguments[1], "rb")
frame <- data.frame(weight = readBin(file, "double", rows), stratum = readBin(file, "double", rows),
                    group = readBin(file, "double", rows))
for (item in seq_len(items)) frame[[paste0("item", item - 1)]] <- readBin(file, "double", rows)
close(file)
formula <- as.formula(paste("~", paste0("item", seq_len(items) - 1, collapse = "+")))
start <- proc.time()
design <- svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = frame)
whole <- svymean(formula, design)
parts <- svyby(formula, ~group, design, svymean)
# Plain limits and no design effects, though ours has both: svyciprop would fit a model for each share, and
# design effects of 40 items at once would need a column for each pair of them.
invisible(confint(whole, df = degf(design))); invisible(confint(parts))
took <- proc.time() - start
cat(took[["elapsed"]], took[["user.self"]] + took[["sys.self"]], sprintf("%.12f", sum(SE(whole)) + sum(unlist(SE(parts)))), "\n")
