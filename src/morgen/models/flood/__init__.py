"""Pluvial flooding: rain on the grid, the effects on buildings and roads."""
