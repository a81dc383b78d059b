"""Measured or designed rain in files: a series for the whole area, or rasters in time."""

from morgen.sources.rain.series import RainSeries, read_rain

__all__ = ["RainSeries", "read_rain"]
