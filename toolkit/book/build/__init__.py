"""From pages to one folder of HTML that stands alone."""
