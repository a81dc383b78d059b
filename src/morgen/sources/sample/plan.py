"""The plan of a wijk: every sheet laid out, numbered and addressed, and cut to the box that is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from morgen.sources.sample.addresses import addressed, residences_of
from morgen.sources.sample.buildings import Building, Unit, Wing, flat_profile
from morgen.sources.sample.fill import FilledBlock, fill_sheet
from morgen.sources.sample.frame import CORNER, MUNICIPALITY, NAME, Frame, frame_of, pand_number
from morgen.sources.sample.names import street_name
from morgen.sources.sample.places import facilities_of
from morgen.sources.sample.sheet import Sheet, make_sheet
from morgen.sources.sample.street import Street
from morgen.sources.sample.waters import culverts_of, waterways_of
from morgen.sources.sample.wijk import (
    Block,
    Culvert,
    District,
    Facility,
    Plot,
    RedevelopmentSite,
    Residence,
    Waterway,
    Wijk,
)

__all__ = ["PlannedSheet", "joined_wijk", "plan_sheets", "plan_wijk", "wijk_of_sheet"]

LEAST_PLOT = 5.0
"""What the box leaves of a plot counts from here, m2."""
ROOM = 0.4
"""Buildings nearer than this to the edge of the box, m, are left out: a register has whole buildings only."""


@dataclass(frozen=True)
class PlannedSheet:
    """One sheet of the plan, cut to the box."""

    sheet: Sheet
    bounds: tuple[float, float, float, float]
    """The part of the box on this sheet, RD New."""
    blocks: tuple[FilledBlock, ...]
    """Not cut."""
    buildings: tuple[Building, ...]
    """Whole within the box, numbered; those of kind 'planned' do not stand yet."""
    residences: tuple[Residence, ...]
    waterways: tuple[Waterway, ...]
    culverts: tuple[Culvert, ...]

    @property
    def standing(self) -> tuple[Building, ...]:
        """Buildings that are there."""
        return tuple(building for building in self.buildings if building.kind != "planned")


def plan_wijk(seed: int = 7, km2: float = 1.0) -> Wijk:
    """Return the whole wijk of this seed and surface (0.1 to 25 km2).

    Raises ``InputError`` for another surface.
    """
    frame = frame_of(km2)
    return joined_wijk([wijk_of_sheet(planned, frame, seed) for planned in plan_sheets(seed, frame)], frame, seed)


def joined_wijk(parts: Sequence[Wijk], frame: Frame, seed: int) -> Wijk:
    """Return the wijk of which ``parts`` are the sheets, in the order of ``frame``."""
    return Wijk(
        seed=seed,
        km2=frame.km2,
        bounds=frame.bounds,
        streets=tuple(street for part in parts for street in part.streets),
        blocks=tuple(block for part in parts for block in part.blocks),
        plots=tuple(plot for part in parts for plot in part.plots),
        buildings=tuple(building for part in parts for building in part.buildings),
        residences=tuple(residence for part in parts for residence in part.residences),
        facilities=tuple(facility for part in parts for facility in part.facilities),
        waterways=tuple(waterway for part in parts for waterway in part.waterways),
        culverts=tuple(culvert for part in parts for culvert in part.culverts),
        districts=tuple(district for part in parts for district in part.districts),
        redevelopment=tuple(site for part in parts for site in part.redevelopment),
    )


def plan_sheets(seed: int, frame: Frame) -> Iterator[PlannedSheet]:
    """Yield the sheets of ``frame`` one by one, so that a large wijk never lies in memory as a whole."""
    for column, row in frame.sheets:
        sheet = make_sheet(seed, column, row, corner=CORNER)
        window = shapely.box(*frame.part(column, row))
        yield _planned(sheet, fill_sheet(sheet, seed, window), frame)


def _planned(sheet: Sheet, blocks: list[FilledBlock], frame: Frame) -> PlannedSheet:
    bounds = frame.part(sheet.column, sheet.row)
    numbered = addressed(
        [
            replace(building, number=pand_number(sheet.number, block.number * 1000 + rank))
            for block in blocks
            for rank, building in enumerate([*block.layout.buildings, *_permits(block)], start=1)
        ],
        sheet.streets,
    )
    residences = residences_of(numbered, sheet.number)
    room = shapely.box(*bounds).buffer(-ROOM, join_style="mitre")
    kept = tuple(building for building in numbered if room.covers(building.footprint))
    numbers = {building.number for building in kept}
    box = shapely.box(*bounds)
    waterways = waterways_of(sheet, blocks, box)
    return PlannedSheet(
        sheet=sheet,
        bounds=bounds,
        blocks=tuple(blocks),
        buildings=_without_points(kept),
        residences=tuple(residence for residence in residences if residence.pand in numbers),
        waterways=waterways,
        culverts=culverts_of(sheet, box),
    )


def _permits(block: FilledBlock) -> list[Building]:
    """Return what may be built on the lawn of a school: it is in the BAG, but nothing stands yet."""
    if block.layout.use != "school":
        return []
    built = shapely.union_all([building.footprint.buffer(4.0) for building in block.layout.buildings])
    x, y = block.layout.block.buffer(-8.0).difference(built).representative_point().coords[0]
    wing = Wing((x, y), (1.0, 0.0), 10.0, flat_profile(8.0, height=6.0))
    units = (Unit("woonfunctie", 92),)
    return [Building("planned", (wing,), 2026, units, 2, status="Bouwvergunning verleend")]


def _without_points(buildings: tuple[Building, ...]) -> tuple[Building, ...]:
    """Let the height model have no points on the first shed, as happens to a few buildings of every delivery."""
    first = next((rank for rank, building in enumerate(buildings) if building.kind == "shed"), None)
    return tuple(replace(building, modelled=rank != first) for rank, building in enumerate(buildings))


def wijk_of_sheet(planned: PlannedSheet, frame: Frame, seed: int) -> Wijk:
    """Return one sheet as a wijk of its own."""
    sheet = planned.sheet
    box = shapely.box(*planned.bounds)
    districts = _districts(sheet, box)
    code = {district.name: district.code for district in districts}
    blocks, plots = _blocks(planned, box, code)
    return Wijk(
        seed=seed,
        km2=frame.km2,
        bounds=planned.bounds,
        streets=tuple(part for street in sheet.streets for part in _cut(street, box)),
        blocks=blocks,
        plots=plots,
        buildings=planned.buildings,
        residences=planned.residences,
        facilities=_facilities(planned, box),
        waterways=planned.waterways,
        culverts=planned.culverts,
        districts=districts,
        redevelopment=_redevelopment(planned, box),
    )


def _cut(street: Street, box: shapely.Polygon) -> list[Street]:
    """Return the pieces of a street within the box, in its direction."""
    inside = shapely.intersection(street.line, box)
    parts = [part for part in shapely.get_parts(shapely.line_merge(inside)) if part.length > 3]  # noqa: PLR2004
    pieces = []
    for part in parts:
        first, last = (street.line.project(shapely.Point(part.coords[end])) for end in (0, -1))
        pieces.append(replace(street, line=part if first <= last else part.reverse()))
    return pieces


def _districts(sheet: Sheet, box: shapely.Polygon) -> tuple[District, ...]:
    number = sheet.number + 1
    wijk = f"WK{MUNICIPALITY}{number:02d}"
    found = []
    for rank, face in enumerate(sheet.districts, start=1):
        shape = shapely.intersection(face.shape, box)
        if shape.area > 1.0:
            found.append(
                District(
                    f"BU{MUNICIPALITY}{number:02d}{rank:02d}",
                    face.name,
                    shape,
                    wijk,
                    street_name(NAME, sheet.number),
                )
            )
    return tuple(found)


def _blocks(
    planned: PlannedSheet, box: shapely.Polygon, code: dict[str, str]
) -> tuple[tuple[Block, ...], tuple[Plot, ...]]:
    """Return blocks and plots within the box."""
    kept = {building.footprint.wkb: building.number for building in planned.buildings}
    blocks, plots = [], []
    for filled in planned.blocks:
        number = planned.sheet.number * 1000 + filled.number
        layout = filled.layout
        blocks += [
            Block(number, part, layout.use, code[filled.district.name], layout.year)
            for part in shapely.get_parts(shapely.intersection(layout.block, box))
            if part.area > 1.0 and filled.district.name in code
        ]
        for shape, index in layout.plots:
            pand = kept.get(layout.buildings[index].footprint.wkb, "") if index >= 0 else ""
            inside = shapely.intersection(shapely.intersection(shape, layout.block), box)
            plots += [Plot(number, part, pand) for part in shapely.get_parts(inside) if part.area > LEAST_PLOT]
    return tuple(blocks), tuple(plots)


def _facilities(planned: PlannedSheet, box: shapely.Polygon) -> tuple[Facility, ...]:
    places = [place for block in planned.blocks for place in block.layout.open_places]
    return facilities_of(planned.buildings, planned.residences, places, box)


def _redevelopment(planned: PlannedSheet, box: shapely.Polygon) -> tuple[RedevelopmentSite, ...]:
    """Return the blocks of industry: ground that could become a new quarter."""
    sites: list[RedevelopmentSite] = []
    for filled in planned.blocks:
        layout = filled.layout
        shape: Any = shapely.intersection(layout.block, box)
        if layout.use != "industry" or shape.area < 0.9 * layout.block.area:
            continue
        panden = tuple(b.number for b in planned.buildings if layout.block.covers(b.footprint))
        sites.append(RedevelopmentSite(f"Werfterrein {len(sites) + 1}", shape, panden))
    return tuple(sites)
