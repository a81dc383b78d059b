"""RD New + NAP to ETRS89 is RDNAPTRANS2018 or an error, never something near it."""

import numpy as np
import pyrdnap
import pytest

from morgen.core.crs import etrs89_to_rdnap, lonlat_to_rd, rd_to_lonlat, rdnap_to_etrs89
from morgen.core.errors import CrsError

# The published validation points (latitude, longitude, ellipsoidal height, x, y, NAP) of RDNAPTRANS2008. The 2018
# grids differ from it by up to 3.5 mm in position and, by another quasi-geoid, 1 to 3 cm in height.
VALIDATION_POINTS = {
    "Texel": (53.160753042, 4.824761912, 42.8614, 117380.1200, 575040.3400, 1.0000),
    "Noord-Groningen": (53.419482050, 6.776726674, 42.3586, 247380.5600, 604580.7800, 2.0000),
    "Amersfoort": (52.155172897, 5.387203657, 43.2551, 155000.0000, 463000.0000, 0.0000),
    "Amersfoort 100 m": (52.155172910, 5.387203658, 143.2551, 155000.0000, 463000.0000, 100.0000),
    "Zeeuws-Vlaanderen": (51.368607152, 3.397588595, 47.4024, 16460.9100, 377380.2300, 3.0000),
    "Zuid-Limburg": (50.792584916, 5.773795548, 245.9478, 182260.4500, 311480.6700, 200.0000),
    "Maasvlakte": (51.947393898, 4.072887101, 47.5968, 64640.8900, 440700.0100, 4.0000),
}


@pytest.mark.parametrize("name", VALIDATION_POINTS)
def test_validation_points_to_rd(name):
    """The published points come out within 4 mm in position and 3 cm in height (2008 against 2018)."""
    latitude, longitude, ellipsoidal, x, y, nap = VALIDATION_POINTS[name]

    found = etrs89_to_rdnap(longitude, latitude, ellipsoidal)

    assert found[0] == pytest.approx(x, abs=0.004)
    assert found[1] == pytest.approx(y, abs=0.004)
    assert found[2] == pytest.approx(nap, abs=0.03)


@pytest.mark.parametrize("name", VALIDATION_POINTS)
def test_agrees_with_an_independent_implementation(name):
    """Another implementation of RDNAPTRANS2018 gives the same point within 0.1 mm, heights included."""
    latitude, longitude, ellipsoidal, *_ = VALIDATION_POINTS[name]
    other = pyrdnap.RDNAP2018v2().forward(latitude, longitude, ellipsoidal)

    found = etrs89_to_rdnap(longitude, latitude, ellipsoidal)

    assert np.allclose(found, (other.RDx, other.RDy, other.NAPh), rtol=0, atol=1e-4)


def test_height_of_amersfoort_is_the_2018_geoid():
    """NAP 0 at Amersfoort lies 43.277 m above the ellipsoid; the wheel of pyproj alone says 0."""
    _, _, ellipsoidal = rdnap_to_etrs89(155_000, 463_000, 0)

    assert ellipsoidal == pytest.approx(43.277, abs=0.0015)


def test_there_and_back_again():
    """A round trip over the country loses less than a tenth of a millimetre."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(20_000, 270_000, 2_000), rng.uniform(320_000, 610_000, 2_000)

    back = lonlat_to_rd(*rd_to_lonlat(x, y))

    assert np.abs(back[0] - x).max() < 1e-4
    assert np.abs(back[1] - y).max() < 1e-4


def test_outside_the_grids_is_refused():
    """A point that the grids do not cover is an error that names it, not a guess."""
    with pytest.raises(CrsError, match=r"\(10\.0, 52\.0\).*only places in and around the Netherlands"):
        lonlat_to_rd([5.0, 10.0], [52.0, 52.0])
    with pytest.raises(CrsError, match="1000000"):
        rdnap_to_etrs89([155_000, 1_000_000], [463_000, 463_000], [0, 0])
