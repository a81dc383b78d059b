"""What things are: frozen nouns, units, coordinate systems and errors. No I/O, no clock, no environment."""
