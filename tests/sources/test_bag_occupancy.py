"""What is in a pand: dwellings and floor are counted where the register tells them, and else unknown."""

import math
from pathlib import Path
from typing import Any

from morgen.core.grid import Grid
from morgen.sources.bag import table_reader
from morgen.sources.bag.occupancy import occupancy_of_pand

NETHERLANDS = Grid.covering((0, 300_000, 300_000, 630_000), 1000)


def pand(**columns: Any) -> tuple[int | None, float, float]:
    found = occupancy_of_pand(columns)
    return found.dwellings, found.usable_area, found.dwelling_area


def test_a_pand_with_one_use_tells_its_dwellings() -> None:
    """Two homes of 60 and 80 m2 are 140 m2; of three, the least and the most do not settle the sum."""
    areas = {"oppervlaktemin": 60, "oppervlaktemax": 80}
    assert pand(aantalverblijfsobjecten=2, gebruiksdoel="woonfunctie", **areas) == (2, 140, 140)
    assert pand(aantalverblijfsobjecten=2, gebruiksdoel="winkelfunctie", **areas) == (0, 140, 0)
    three = pand(aantalverblijfsobjecten=3, gebruiksdoel="woonfunctie", **areas)
    assert three[0] == 3
    assert math.isnan(three[1])


def test_what_is_mixed_or_not_told_is_unknown_and_not_zero() -> None:
    """A shop with homes, a column that is missing, an area of 1 m2; a shed without address holds nothing."""
    mixed = pand(aantalverblijfsobjecten=2, gebruiksdoel="woonfunctie, winkelfunctie", oppervlaktemin=50)
    assert mixed[0] is None
    assert pand(gebruiksdoel="woonfunctie")[0] is None
    unmeasured = pand(aantalverblijfsobjecten=1, gebruiksdoel="woonfunctie", oppervlaktemin=1, oppervlaktemax=1)
    assert unmeasured[0] == 1
    assert math.isnan(unmeasured[1])
    assert pand(aantalverblijfsobjecten=0) == (0, 0, 0)


def test_the_panden_of_wippolder_hold_their_dwellings(shared_data: Path) -> None:
    """Real rows of the WFS: three homes and practices together are unknown, a house is one dwelling of 146 m2."""
    recognised = table_reader.recognise(shared_data / "nl/delft-wippolder/bag_pand_wippolder_kerk.gpkg")
    assert recognised is not None
    frame = table_reader.read(recognised, NETHERLANDS).data.set_index("bag_id")
    assert frame.loc["0503100000004254", ["dwellings", "usable_area"]].tolist() == [1, 146]
    assert frame["dwellings"].isna().loc["0503100000000296"]
