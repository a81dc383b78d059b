"""Every spelling of the BGT comes down to one set of columns and themes."""

import pytest

from morgen.sources.bgt.spelling import COLUMN_SPELLINGS, fold, spellings_of, theme_of
from morgen.sources.bgt.themes import THEME_TITLES
from morgen.sources.contract import TOPOGRAPHY_COLUMNS


@pytest.mark.parametrize(
    ("column", "theme", "names"),
    [
        ("object_id", "wegdeel", ["lokaalID", "lokaalid", "lokaal_id", "identificatie.lokaalID"]),
        ("function", "wegdeel", ["function", "functie", "bgt-functie", "bgt_functie"]),
        ("function", "waterdeel", ["class", "type", "bgt-type", "bgt_type"]),
        ("surface", "wegdeel", ["surfaceMaterial", "surfacematerial", "fysiek_voorkomen", "bgt-fysiekVoorkomen"]),
        ("surface", "begroeidterreindeel", ["class", "fysiek_voorkomen"]),
        ("plus_surface", "wegdeel", ["plus-fysiekVoorkomenWegdeel", "plus_fysiek_voorkomen", "plus-type"]),
        ("plus_surface", "gebouwinstallatie", ["plus-typeGebouwInstallatie"]),
        ("level", "wegdeel", ["relatieveHoogteligging", "relatievehoogteligging", "relatieve_hoogteligging"]),
        ("registered_at", "pand", ["tijdstipRegistratie", "tijdstip_registratie"]),
        ("ended_at", "pand", ["eindRegistratie", "eind_registratie", "terminationDate", "objectEindTijd"]),
        ("published_at", "pand", ["LV-publicatiedatum", "lv_publicatiedatum"]),
        ("status", "pand", ["bgt-status", "bgt_status", "status"]),
        ("bag_id", "pand", ["identificatieBAGPND", "identificatiebagpnd", "identificatie_bag_pnd"]),
    ],
)
def test_all_spellings_of_an_attribute_are_one_column(column, theme, names):
    """CityGML, ogr2ogr, PDOK and gmllight name one attribute differently; all land in the same column."""
    assert {fold(name) for name in names} <= set(spellings_of(column, theme=theme))


def test_the_class_of_vegetated_ground_is_its_surface():
    """'class' means fysiek voorkomen for begroeid terreindeel, and function or type for all else."""
    assert "class" not in spellings_of("function", theme="begroeidterreindeel")
    assert "class" not in spellings_of("surface", theme="waterdeel")


def test_the_table_fills_every_standard_column():
    """Only the theme (name of the layer) and the geometry do not come from an attribute."""
    assert set(TOPOGRAPHY_COLUMNS) - set(COLUMN_SPELLINGS) == {"theme", "geometry"}


def test_no_spelling_means_two_things():
    """A folded name leads to one column only."""
    spellings = [spelling for names in COLUMN_SPELLINGS.values() for spelling in names]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        ("bgt_wegdeel", "wegdeel"),
        ("trafficarea", "wegdeel"),
        ("TrafficArea", "wegdeel"),
        ("auxiliarytrafficarea", "ondersteunendwegdeel"),
        ("plantcover", "begroeidterreindeel"),
        ("onbegroeidterreindeel", "onbegroeidterreindeel"),
        ("buildingpart", "pand"),
        ("bridgeconstructionelement", "overbruggingsdeel"),
        ("tunnelpart", "tunneldeel"),
        ("SolitaryVegetationObject", "vegetatieobject"),
        ("OpenbareRuimteLabel", "openbareruimtelabel"),
        ("kunstwerkdeel_vlak", "kunstwerkdeel"),
        ("vegetatieobject_punt", "vegetatieobject"),
        ("wegdeel_kruinlijn", ""),
        ("pand_nummeraanduiding", ""),
        ("plaatsbepalingspunt", ""),
        ("streets", ""),
        ("", ""),
    ],
)
def test_layer_names_lead_to_the_dutch_theme(name, theme):
    """English layers of 2015, CityGML classes and PDOK collections name the same Dutch object types."""
    assert theme_of(name) == theme


def test_every_theme_has_a_dutch_and_an_english_title():
    """Reports name every object type in both languages."""
    assert all(title.dutch and title.english for title in THEME_TITLES.values())
    assert all(theme_of(theme) == theme for theme in THEME_TITLES)
