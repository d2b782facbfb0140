"""Published papers as paragraphs and tables with addresses, and the numbers drafted from them."""
