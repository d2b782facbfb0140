"""Problems in a sheet and differences in a paper: one function for each rule."""
