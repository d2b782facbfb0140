"""What papers state, and the true numbers that printed ones may stand for."""
