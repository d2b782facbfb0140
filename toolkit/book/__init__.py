"""From a review to a book: pages, their execution, the HTML, and the check that it stands alone."""
