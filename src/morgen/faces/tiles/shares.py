"""How many members of an ensemble are under water, as a picture to drape over the ground."""

import io
from typing import Any, Final

import numpy as np

from morgen.faces.report.style import SHARE_CLASSES, SHARE_COLOURS
from morgen.services.result import RunResult

__all__ = ["share_classes", "share_picture"]

LARGEST: Final = 4096
"""Pixels along the longest side at most: what every graphics card can hold."""


def share_classes() -> list[dict[str, Any]]:
    """Return the classes of the picture, in the order of a legend: above ``from``, up to and with ``to``."""
    ends = [*SHARE_CLASSES[1:], 1.0]
    return [
        {"from": low, "to": high, "colour": colour}
        for low, high, colour in zip(SHARE_CLASSES, ends, SHARE_COLOURS, strict=True)
    ]


def share_picture(result: RunResult) -> bytes:
    """Return the output ``probability`` as a PNG, north up, covering exactly the bounds of the grid.

    A pixel is a cell, or a block of cells of a very large grid, of which the wettest is shown. It is clear where
    no member was wet, under buildings and outside the terrain. Raises ``NotFoundError`` without an ensemble.
    """
    from PIL import Image

    share = np.nan_to_num(_wettest(result.output("probability").to_xarray().to_numpy()))
    limits = np.array([*SHARE_CLASSES[1:], 1.0], dtype=np.float32)
    # A share of exactly 20 % is in the class that ends there.
    codes = np.where(share > 0, np.searchsorted(limits + 1e-4, share) + 1, 0).clip(0, len(limits))
    picture = Image.fromarray(codes.astype(np.uint8), mode="P")
    colours = [bytes.fromhex(colour[1:]) for colour in ("#000000", *SHARE_COLOURS)]
    picture.putpalette(b"".join(colours))
    file = io.BytesIO()
    picture.save(file, format="PNG", optimize=True, transparency=0)
    return file.getvalue()


def _wettest(share: Any) -> Any:
    step = -(-max(share.shape) // LARGEST)
    if step == 1:
        return share
    rows, columns = (-(-size // step) * step for size in share.shape)
    padded = np.zeros((rows, columns), dtype=np.float32)
    padded[: share.shape[0], : share.shape[1]] = np.nan_to_num(share)
    return padded.reshape(rows // step, step, columns // step, step).max(axis=(1, 3))
