"""The one description of every sheet: columns, kinds of cell, rows."""
