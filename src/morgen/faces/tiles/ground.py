"""The ground as a picture to drape over the terrain, and where permanent water lies."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.faces.report.style import GROUND_CLASSES, GroundClass, ground_class

if TYPE_CHECKING:
    import geopandas

__all__ = ["ground_legend", "ground_picture", "picture_size", "water_mask"]

Codes = npt.NDArray[np.uint8]

PIXEL: Final = 0.25
"""Edge of a pixel, m, when the picture does not become too large."""
LARGEST: Final = 4096
"""Pixels along the longest side at most: what every graphics card can hold."""
SUPERSAMPLING: Final = 2
"""Samples along the edge of a pixel, so that edges look smooth."""
STRIP: Final = 256
"""Rows of pixels that are coloured at once, so that the samples of a large picture are never all in colour."""
PALETTE: Final = 256

KINDS: Final = tuple(GROUND_CLASSES)
UNKNOWN: Final = KINDS.index("unknown")
WATER: Final = KINDS.index("water")


def picture_size(grid: Grid) -> tuple[int, int]:
    """Return width and height of the pictures of a grid, pixels; they cover exactly its bounds."""
    size = grid.cell_size
    pixel = max(PIXEL, max(grid.rows, grid.columns) * size / LARGEST)
    return max(round(grid.columns * size / pixel), 1), max(round(grid.rows * size / pixel), 1)


def ground_picture(situation: Situation) -> bytes:
    """Return the land cover as a PNG with a palette, north up, covering exactly the bounds of the grid.

    Ground that no object covers has the colour of unknown ground. Raises ``MissingLayerError`` without land cover.
    """
    codes = _codes(situation)
    colours = np.array([_rgb(item.colour) for item in GROUND_CLASSES.values()], dtype=np.uint16)
    packed = np.concatenate([_blended(strip, colours) for strip in _strips(codes)])
    return _png(*_with_palette(packed, [_packed(colour) for colour in colours]))


def water_mask(situation: Situation) -> bytes:
    """Return where permanent water is as a grey PNG, of the size of the ground picture.

    255 is water and 0 is none; values between them are pixels on a bank. Dry ditches and trenches are not
    permanent water. Raises ``MissingLayerError`` without land cover.
    """
    from PIL import Image

    strips = [_sums((strip == WATER).astype(np.uint16)) for strip in _strips(_codes(situation))]
    share = np.concatenate(strips) * 255 // SUPERSAMPLING**2
    return _saved(Image.fromarray(share.astype(np.uint8), mode="L"))


def ground_legend(situation: Situation) -> list[dict[str, Any]]:
    """Return the kinds of ground that the picture shows, in the order of a legend; empty without land cover."""
    if not situation.has("land_cover"):
        return []
    found = set(_kinds(situation.features("land_cover")))
    return [_entry(item) for item in GROUND_CLASSES.values() if item in found]


def _entry(item: GroundClass) -> dict[str, Any]:
    return {
        "id": item.id,
        "theme": item.theme,
        "colour": item.colour,
        "title": {"nl": item.dutch, "en": item.english},
    }


def _kinds(cover: "geopandas.GeoDataFrame") -> list[GroundClass]:
    columns = (cover[name] for name in ("theme", "function", "surface", "plus_surface"))
    return [
        ground_class(theme or "", function=function or "", surface=surface or "", plus_surface=plus or "")
        for theme, function, surface, plus in zip(*columns, strict=True)
    ]


def _codes(situation: Situation) -> Codes:
    """Return per sample the row of its kind in ``GROUND_CLASSES``; the last object that covers it counts.

    The BGT maps no ground under some bridges and viaducts: there the deck is the best that is known.
    """
    from affine import Affine
    from rasterio.features import rasterize

    width, height = picture_size(situation.grid)
    columns, rows = width * SUPERSAMPLING, height * SUPERSAMPLING
    xmin, ymin, xmax, ymax = situation.grid.bounds
    corner = Affine((xmax - xmin) / columns, 0, xmin, 0, (ymin - ymax) / rows, ymax)
    layers = [situation.features("land_cover")]
    if situation.has("decks"):
        decks = situation.features("decks")
        layers.insert(0, decks[decks["level"] > 0])
    shapes = [
        (shape, KINDS.index(kind.id))
        for layer in layers
        for shape, kind in zip(layer.geometry, _kinds(layer), strict=True)
        if shape is not None and not shape.is_empty
    ]
    if not shapes:
        return np.full((rows, columns), UNKNOWN, dtype=np.uint8)
    burnt: Codes = rasterize(shapes, out_shape=(rows, columns), transform=corner, fill=UNKNOWN, dtype="uint8")
    return burnt


def _strips(codes: Codes) -> Iterator[Codes]:
    step = STRIP * SUPERSAMPLING
    for first in range(0, len(codes), step):
        yield codes[first : first + step]


def _sums(samples: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Return the sum of the samples of each pixel."""
    rows, columns = (size // SUPERSAMPLING for size in samples.shape[:2])
    blocks = samples.reshape(rows, SUPERSAMPLING, columns, SUPERSAMPLING, *samples.shape[2:])
    return np.asarray(blocks.sum(axis=(1, 3), dtype=np.uint16))


def _blended(samples: Codes, colours: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
    """Return per pixel the mean colour of its samples, as one number 0xrrggbb."""
    many = SUPERSAMPLING**2
    parts = [(_sums(colours[samples, part]) + many // 2) // many for part in range(3)]
    red, green, blue = (part.astype(np.uint32) for part in parts)
    return np.asarray((red << 16) | (green << 8) | blue, dtype=np.uint32)


def _with_palette(
    packed: npt.NDArray[np.uint32], pure: list[int]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return the picture as numbers of a palette (n, 3) of at most 256 colours.

    The palette has all pure colours, then the blends that occur most; a rarer blend becomes the nearest of these.
    """
    found, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    counts = np.where(np.isin(found, pure), counts + packed.size, counts)
    chosen = found[np.sort(np.argsort(-counts, kind="stable")[:PALETTE])]
    parts, every = _unpacked(chosen), _unpacked(found)
    nearest = [np.abs(parts - one).sum(axis=1).argmin() for one in every]
    numbers = np.array(nearest, dtype=np.uint8)[inverse.reshape(packed.shape)]
    return numbers, parts.astype(np.uint8)


def _unpacked(packed: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    return np.stack([(packed >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.int64)


def _packed(colour: npt.NDArray[np.uint16]) -> int:
    red, green, blue = (int(part) for part in colour)
    return red << 16 | green << 8 | blue


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _png(numbers: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8]) -> bytes:
    from PIL import Image

    picture = Image.fromarray(numbers, mode="P")
    picture.putpalette(palette.tobytes())
    return _saved(picture)


def _saved(picture: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format="PNG", optimize=True)
    return file.getvalue()
