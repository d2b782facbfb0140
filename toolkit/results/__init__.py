"""What an analysis returns: records and tables; nothing here computes a pool."""
