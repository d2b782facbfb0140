"""Any spreadsheet that holds counts: what its columns are, its rows, and what was passed over."""
