"""What a request for features asks: its query parameters as typed values, or every mistake in them at once."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from morgen.core.area import RD_EXTENT
from morgen.core.errors import InputError
from morgen.faces.http.errors import Problem
from morgen.services.features.crs import CRS84, FEATURE_CRS, RD, Box, FeatureCrs
from morgen.services.features.moments import Period, parse_period

__all__ = ["DEFAULT_LIMIT", "LARGEST_LIMIT", "ItemsQuery", "read_item_crs", "read_items_query"]

DEFAULT_LIMIT: Final = 100
LARGEST_LIMIT: Final = 10_000
"""A larger limit is answered with this many, as OGC API Features asks."""

CRS84H: Final = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
"""The CRS of a bbox of six numbers; features are flat, so their heights do not count."""

_LARGEST_LONGITUDE, _LARGEST_LATITUDE = 180.0, 90.0
_FORM: Final = ("f", "lang")
_OWN: Final = ("limit", "offset", "bbox", "bbox-crs", "crs", "datetime")
_WHOLE: Final = re.compile(r"[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")

Parameters = Sequence[tuple[str, str]]
Value = TypeVar("Value")


@dataclass(frozen=True)
class ItemsQuery:
    """A request for some features of a collection."""

    limit: int
    offset: int
    crs: FeatureCrs
    box: Box | None
    period: Period | None
    properties: dict[str, str]
    """Property to the value that it must have, as text."""


class _Reader:
    """Reads parameters and remembers what is wrong with each."""

    def __init__(self, given: Parameters) -> None:
        self.given = dict(given)
        self.mistakes: list[dict[str, str]] = []
        for name, times in Counter(name for name, _ in given).items():
            if times > 1:
                self._mistake(name, f"{name} is given {times} times, but it may be given once")

    def read(self, name: str, read: Callable[[str], Value], default: Value) -> Value:
        """Return a parameter as ``read`` makes of it; the default when it is not given, or wrong."""
        if name not in self.given:
            return default
        try:
            return read(self.given[name])
        except InputError as error:
            self._mistake(name, str(error))
            return default

    def refuse_others(self, allowed: Iterable[str]) -> None:
        """Remember every parameter with another name as a mistake."""
        known = tuple(allowed)
        for name in self.given:
            if name not in known:
                self._mistake(name, f"there is no query parameter {name!r} here; there is {', '.join(known)}")

    def finish(self) -> None:
        """Raise ``Problem`` when anything was wrong."""
        if self.mistakes:
            raise Problem(400, "; ".join(item["detail"] for item in self.mistakes), errors=self.mistakes)

    def _mistake(self, name: str, detail: str) -> None:
        self.mistakes.append({"in": "query", "name": name, "detail": detail})


def read_items_query(given: Parameters, queryables: Iterable[str]) -> ItemsQuery:
    """Read the parameters of a request for items; raises ``Problem`` (400) with every mistake."""
    reader = _Reader(given)
    filters = [name for name in queryables if name not in (*_OWN, *_FORM)]
    reader.refuse_others((*_OWN, *_FORM, *filters))
    query = ItemsQuery(
        limit=reader.read("limit", _limit, DEFAULT_LIMIT),
        offset=reader.read("offset", _offset, 0),
        crs=reader.read("crs", lambda text: _crs("crs", text), CRS84),
        box=_box(reader),
        period=reader.read("datetime", parse_period, None),
        properties={name: reader.given[name] for name in filters if name in reader.given},
    )
    reader.finish()
    return query


def read_item_crs(given: Parameters) -> FeatureCrs:
    """Read the parameters of a request for one feature; raises ``Problem`` (400)."""
    reader = _Reader(given)
    reader.refuse_others(("crs", *_FORM))
    crs = reader.read("crs", lambda text: _crs("crs", text), CRS84)
    reader.finish()
    return crs


def _limit(text: str) -> int:
    limit = int(text) if _WHOLE.fullmatch(text) else 0
    if limit < 1:
        raise InputError(
            f"limit is {text[:40]!r}, but it must be a whole number from 1; the largest page has {LARGEST_LIMIT}"
            " features: change the parameter limit"
        )
    return min(limit, LARGEST_LIMIT)


def _offset(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise InputError(
            f"offset is {text[:40]!r}, but it must be a whole number from 0; change the parameter offset, or"
            " follow the link next"
        )
    return int(text)


def _crs(name: str, text: str) -> FeatureCrs:
    for crs in FEATURE_CRS:
        if text == crs.uri:
            return crs
    allowed = " or ".join(crs.uri for crs in FEATURE_CRS)
    raise InputError(f"{name} is {text[:200]!r}, but it must be {allowed}; change the parameter {name}")


def _box_crs(text: str) -> FeatureCrs:
    return CRS84 if text == CRS84H else _crs("bbox-crs", text)


def _box(reader: _Reader) -> Box | None:
    crs = reader.read("bbox-crs", _box_crs, CRS84)

    def read(text: str) -> Box | None:
        numbers = _numbers(text)
        half = len(numbers) // 2
        xmin, ymin, xmax, ymax = *numbers[:2], *numbers[half : half + 2]
        box = Box(xmin, ymin, xmax, ymax, crs)
        _check_in_degrees(box, text) if crs is CRS84 else _check_in_metres(box, text)
        return box

    return reader.read("bbox", read, None)


def _numbers(text: str) -> list[float]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (4, 6) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise InputError(
            f"bbox is {text[:200]!r}, but it must be four numbers, west,south,east,north (or six, with heights);"
            " change the parameter bbox"
        )
    return [float(part) for part in parts]


def _check_in_degrees(box: Box, text: str) -> None:
    if (
        max(abs(box.xmin), abs(box.xmax)) > _LARGEST_LONGITUDE
        or max(abs(box.ymin), abs(box.ymax)) > _LARGEST_LATITUDE
    ):
        raise InputError(
            f"bbox is {text!r}, but longitudes are -180 to 180 and latitudes -90 to 90; for metres in RD New add"
            f" bbox-crs={RD.uri}"
        )
    _check_upright(box, text)


def _check_in_metres(box: Box, text: str) -> None:
    if box.xmin > box.xmax:
        raise InputError(f"bbox is {text!r}, but its west edge lies east of its east edge; swap the two in bbox")
    _check_upright(box, text)
    west, south, east, north = RD_EXTENT
    if box.xmax < west or box.xmin > east or box.ymax < south or box.ymin > north:
        raise InputError(
            f"bbox is {text!r}, but RD New has x from {west:.0f} to {east:.0f} and y from {south:.0f} to"
            f" {north:.0f} m; for degrees leave bbox-crs out"
        )


def _check_upright(box: Box, text: str) -> None:
    if box.ymin > box.ymax:
        raise InputError(
            f"bbox is {text!r}, but its south edge lies north of its north edge; swap the two in bbox"
        )
