"""What can be changed: one small module per measure, Situation in, Situation out."""
