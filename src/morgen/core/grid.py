"""The raster frame: north-up cells in RD New whose edges lie on whole multiples of the cell size."""

import math
from typing import Self

from pydantic import Field, model_validator

from morgen.core.noun import Noun

__all__ = ["Bounds", "Grid"]

ALIGNMENT_SLACK = 1e-6
"""Share of a cell by which an edge may be off through floating point."""

Bounds = tuple[float, float, float, float]
"""(xmin, ymin, xmax, ymax) in RD New, m."""


class Grid(Noun):
    """A north-up raster frame in RD New (EPSG:28992).

    Row 0 is the northernmost. Grids of equal cell size always line up, because the origin is a whole
    multiple of the cell size; so neighbours can be compared and joined without resampling.
    """

    xmin: float
    """West edge, m RD."""
    ymax: float
    """North edge, m RD."""
    cell_size: float = Field(gt=0)
    """Edge of a cell, m."""
    rows: int = Field(gt=0)
    columns: int = Field(gt=0)

    @model_validator(mode="after")
    def _aligned(self) -> Self:
        for edge in (self.xmin, self.ymax):
            cells = edge / self.cell_size
            if abs(cells - round(cells)) > ALIGNMENT_SLACK:
                raise ValueError(f"edge {edge} m is not a whole multiple of the cell size {self.cell_size} m")
        return self

    @classmethod
    def covering(cls, bounds: Bounds, cell_size: float) -> Self:
        """Return the smallest aligned grid that covers ``bounds``."""
        xmin, ymin, xmax, ymax = bounds
        slack = ALIGNMENT_SLACK
        west = math.floor(xmin / cell_size + slack)
        south = math.floor(ymin / cell_size + slack)
        east = max(math.ceil(xmax / cell_size - slack), west + 1)
        north = max(math.ceil(ymax / cell_size - slack), south + 1)
        return cls(
            xmin=west * cell_size,
            ymax=north * cell_size,
            cell_size=cell_size,
            rows=north - south,
            columns=east - west,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.rows, self.columns

    @property
    def bounds(self) -> Bounds:
        """(xmin, ymin, xmax, ymax), m RD."""
        return (
            self.xmin,
            self.ymax - self.rows * self.cell_size,
            self.xmin + self.columns * self.cell_size,
            self.ymax,
        )

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """Affine coefficients (a, b, c, d, e, f): x = a*column + b*row + c, y = d*column + e*row + f."""
        return self.cell_size, 0.0, self.xmin, 0.0, -self.cell_size, self.ymax

    @property
    def cell_area(self) -> float:
        """Area of one cell, m2."""
        return self.cell_size * self.cell_size
