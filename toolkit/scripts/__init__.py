"""An answer as a script of another program, with the data in it."""
