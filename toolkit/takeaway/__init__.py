"""A review to take away: an archive that can be made again elsewhere, a manuscript's tables."""
