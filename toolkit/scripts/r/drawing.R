shown <- answer[answer$what != "tau" & answer$what != "rho", ]
from <- c(own[, 2], shown$low)
to <- c(own[, 3], shown$high)
middle <- c(own[, 1], shown$estimate)
height <- rev(seq_along(middle))
par(mar = c(4, 14, 2, 1))
plot(NA, xlim = axis_range, ylim = c(0.5, length(middle) + 0.5), xlab = axis_name, ylab = "", yaxt = "n",
     main = title, cex.main = 0.9)
segments(from, height, to, height)
points(middle, height, pch = c(rep(15, nrow(own)), rep(18, nrow(shown))))
axis(2, at = height, labels = c(own_names, shown$what), las = 1, tick = FALSE, cex.axis = 0.8)
