"""What every figure is made with: canvas, style, numerals, badges, files."""
