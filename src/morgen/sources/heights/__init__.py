"""Readers of heights: rasters of ground and surface, and classified point clouds, all in RD New + NAP."""
