"""What a review is: protocol, series, counts, words, method; records alone, equal by value."""
