"""The files of facts have the schemas of the real ones: names, types, reference system, and the form of ids.

Where no real file is at hand the documented header stands here.
"""

import csv
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from morgen.core.errors import UnrecognisedSourceError
from morgen.sources.registry import recognise
from morgen.sources.sample.facts.cbs_columns import names_of_2021
from morgen.sources.sample.facts.write_gwsw import URI
from morgen.sources.sample.frame import GENERATED

LRK_HEADER = (
    "lrk_id;type_oko;opc;actuele_naam_oko;aantal_kindplaatsen;ve;status;inschrijfdatum;opvanglocatie_adres;"
    "opvanglocatie_postcode;opvanglocatie_woonplaats;bag_id;naam_houder;kvk_nummer_houder;vestigingsnummer_houder;"
    "rechtsvorm_houder;start_geschillencommissie;einde_geschillencommissie;houder_adres;houder_postcode;"
    "houder_woonplaats;houder_buitenland;correspondentie_adres;correspondentie_postcode;"
    "correspondentie_woonplaats;correspondentie_buitenland;contact_persoon;contact_telefoon;contact_emailadres;"
    "contact_website;cbs_code;verantwoordelijke_gemeente;gastouderbureau_1;gastouderbureau_2;lrk_url"
)
DUO_START = (
    "PROVINCIE,BEVOEGD GEZAG NUMMER,INSTELLINGSCODE,VESTIGINGSCODE,VESTIGINGSNAAM,STRAATNAAM,"
    "HUISNUMMER-TOEVOEGING,POSTCODE,PLAATSNAAM,GEMEENTENUMMER,GEMEENTENAAM,DENOMINATIE,TELEFOONNUMMER,INTERNETADRES"
)
NWB = "WVK_ID JTE_ID_BEG JTE_ID_END RIJRICHTNG BST_CODE FRC WEGBEHSRT ROUTELTR ROUTENR STT_NAAM WPSNAAM GME_NAAM"
HYDAMO = {
    "DuikerSifonHevel": {"hoogtebinnenonderkantbene", "hoogtebinnenonderkantbov", "lengte"},
    "Stuw": {"laagstedoorstroomhoogte"},
    "Gemaal": {"maximalecapaciteit"},
    "PeilgebiedPraktijk": {"code", "naam"},
    "HydroObject": {"code", "naam"},
}
CBS = """buurtcode buurtnaam wijkcode wijknaam gemeentecode gemeentenaam water aantal_inwoners mannen vrouwen
percentage_personen_0_tot_15_jaar percentage_personen_65_jaar_en_ouder aantal_huishoudens
percentage_eenpersoonshuishoudens percentage_huishoudens_zonder_kinderen percentage_huishoudens_met_kinderen
gemiddelde_huishoudsgrootte bevolkingsdichtheid_inwoners_per_km2 omgevingsadressendichtheid
stedelijkheid_adressen_per_km2 woningvoorraad gemiddelde_woningwaarde percentage_eengezinswoning
percentage_meergezinswoning percentage_koopwoningen percentage_huurwoningen
perc_huurwoningen_in_bezit_woningcorporaties percentage_bouwjaarklasse_tot_2000
percentage_bouwjaarklasse_vanaf_2000 gemiddeld_gasverbruik_totaal gemiddeld_elektriciteitsverbruik_totaal
personenautos_totaal personenautos_per_huishouden huisartsenpraktijk_gemiddelde_afstand_in_km
oppervlakte_totaal_in_ha percentage_met_herkomstland_nederland"""


def schema(path: Path, layer: str | None = None) -> dict[str, str]:
    info = pyogrio.read_info(path, layer=layer)
    return dict(zip(info["fields"], info["ogr_types"], strict=True))


def test_the_cut_shapefile_of_buurten_has_the_names_types_and_system_of_the_real_one(quirky_facts, shared_data):
    """All 207 names, in their order: 'percentage' to 'percenta37' come out of cutting, as they did there."""
    real = shared_data / "nl" / "akersloot-cbs" / "statistiek_gebieden_buurten.shp"
    ours = quirky_facts / "statistiek_gebieden_buurten.shp"
    assert list(schema(ours).items()) == list(schema(real).items())
    assert pyogrio.read_info(ours)["crs"] == pyogrio.read_info(real)["crs"] == "EPSG:28992"
    assert pyogrio.read_info(ours)["geometry_type"] == pyogrio.read_info(real)["geometry_type"]


def test_by_position_the_cut_names_mean_what_we_say_also_in_the_real_file(quirky_facts, shared_data):
    real = shared_data / "nl" / "akersloot-cbs" / "statistiek_gebieden_buurten.shp"
    for path in (real, quirky_facts / "statistiek_gebieden_buurten.shp"):
        frame = pyogrio.read_dataframe(path, read_geometry=False).set_axis(
            list(names_of_2021().values()), axis="columns"
        )
        known = frame[frame["aantal_inwoners"] > 50]
        ages = [
            name for name in frame if name.startswith("percentage_personen_") and name.endswith(("jaar", "ouder"))
        ]
        assert known[ages].sum(axis=1).between(98, 102).all()
        assert (known["percentage_koopwoningen"] + known["percentage_huurwoningen"]).between(98, 101).all()
        built = known["percentage_bouwjaarklasse_tot_2000"] + known["percentage_bouwjaarklasse_vanaf_2000"]
        assert built.between(99, 101).all()
        assert (known["mannen"] + known["vrouwen"] - known["aantal_inwoners"]).abs().max() <= 10
        assert frame["buurtcode"].str.fullmatch(r"BU\d{8}").all()
        assert frame["jrstatcode"].str.fullmatch(r"20\d\dBU\d{8}").all()


def test_buurten_of_a_recent_year_have_the_documented_columns(facts_folder):
    found = schema(facts_folder / "wijkenbuurten_2023.gpkg", "buurten")
    assert set(CBS.split()) <= found.keys()
    assert found["aantal_inwoners"] == "OFTInteger"
    assert found["gemiddelde_huishoudsgrootte"] == "OFTReal"
    layers = [name for name, _ in pyogrio.list_layers(facts_folder / "wijkenbuurten_2023.gpkg")]
    assert layers == ["buurten", "wijken", "gemeenten"]


def test_squares_have_the_key_of_cbs_that_says_where_they_lie(facts_folder):
    squares = pyogrio.read_dataframe(facts_folder / "cbs_vk100_2023.gpkg")
    assert squares["crs28992res100m"].str.fullmatch(r"E\d{6}N\d{6}").all()
    west, south = squares["crs28992res100m"].str.extract(r"E(\d{6})N(\d{6})").astype(float).to_numpy().T
    assert ([west, south] == squares.bounds[["minx", "miny"]].to_numpy().T).all()
    assert (squares.area == 100.0 * 100.0).all()


@pytest.mark.parametrize("layer", ["default_punt", "default_lijn", "default_buitengrens"])
def test_sewers_begin_with_the_columns_of_gwsw(facts_folder, shared_data, layer):
    """What follows is what the default export lacks: inverts, sizes and heights."""
    real = shared_data / "nl" / "bodegraven-gwsw" / "getGeoPackage_1134.gpkg"
    ours = facts_folder / "gwsw_voorbeelddorp.gpkg"
    expected = list(schema(real, layer).items())
    assert list(schema(ours, layer).items())[: len(expected)] == expected
    theirs, found = pyogrio.read_info(real, layer=layer), pyogrio.read_info(ours, layer=layer)
    for what in ("crs", "geometry_type", "fid_column", "geometry_name"):
        assert found[what] == theirs[what]


@pytest.mark.parametrize("layer", ["default_punt", "default_lijn"])
def test_types_of_sewers_have_the_uri_that_they_have_in_the_real_file(facts_folder, shared_data, layer):
    real = shared_data / "nl" / "bodegraven-gwsw" / "getGeoPackage_1134.gpkg"
    query = f"SELECT DISTINCT TypeNaam, Type FROM {layer}"
    with (
        closing(sqlite3.connect(real)) as theirs,
        closing(sqlite3.connect(facts_folder / "gwsw_voorbeelddorp.gpkg")) as ours,
    ):
        known, found = dict(theirs.execute(query).fetchall()), dict(ours.execute(query).fetchall())
    assert len(known.keys() & found.keys()) >= 3
    assert all(found[name] == known[name] for name in known.keys() & found.keys())
    assert all(uri.startswith(URI) for uri in found.values())


def test_hourly_rain_has_the_header_and_the_widths_of_knmi(facts_folder, shared_data):
    real = (shared_data / "nl" / "knmi" / "uurgeg_260_1991-2000.txt").read_bytes().decode("ascii")
    ours = (facts_folder / "uurgeg_999_2021-2030.txt").read_bytes().decode("ascii")
    assert "\n" not in ours.replace("\r\n", "")
    theirs, lines = real.splitlines(), ours.splitlines()
    start, first = theirs.index(_names(theirs)), lines.index(_names(lines))
    assert lines[first] == theirs[start]
    assert lines[first + 1] == theirs[start + 1] == ""
    assert [len(cell) for cell in lines[first + 2].split(",")] == [
        len(cell) for cell in theirs[start + 2].split(",")
    ]
    assert len({len(line) for line in lines[first + 2 :]}) == 1
    described = {line.split("=")[0].strip() for line in theirs[:start] if re.match(r"[A-Z0-9]+ +=", line)}
    assert described <= {line.split("=")[0].strip() for line in lines[:first] if "=" in line}
    assert "GENERATED" in ours.upper()


def _names(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith("# STN"))


@pytest.mark.parametrize(
    ("real", "ours"), [("B33F0080001_1.csv", "B99X0001001_1.csv"), ("B31H0759001.csv", "B99X0002001.csv")]
)
def test_groundwater_has_both_dialects_of_dino(facts_folder, shared_data, real, ours):
    """The labels of the heading, both rows of column names, and the number of cells are those of the real file."""
    theirs = (shared_data / "nl" / "grondwater" / real).read_text("ascii").splitlines()
    lines = (facts_folder / ours).read_text("ascii").splitlines()
    assert [line for line in lines if "Locatie" in line] == [line for line in theirs if "Locatie" in line]
    heading = [line.split(",")[0] for line in lines[: _first(lines)]]
    assert heading == [line.split(",")[0] for line in theirs[: _first(theirs)]]
    assert lines[-1].count(",") == theirs[-1].count(",")
    assert lines[-1].count('"') == theirs[-1].count('"')
    number = r"B\d\d[A-HX]\d{4}"
    assert all(re.match(number, line[-1].split(",")[0].strip('"')) for line in (theirs, lines))


def _first(lines: list[str]) -> int:
    return next(rank for rank, line in enumerate(lines) if "Locatie" in line)


def test_schools_have_the_header_and_the_encoding_of_duo(facts_folder, quirky_facts):
    newer = (facts_folder / "vestigingenbo.csv").read_bytes()
    assert newer.startswith(b"\xef\xbb\xbf")
    assert newer.decode("utf-8-sig").startswith(DUO_START)
    secondary = (facts_folder / "vestigingenvo.csv").read_bytes().decode("utf-8-sig").splitlines()[0]
    assert secondary.startswith(f"{DUO_START},ONDERWIJSSTRUCTUUR")
    assert secondary.endswith("ONDERWIJSGEBIED CODE,ONDERWIJSGEBIED NAAM,RMC-REGIO CODE,RMC-REGIO NAAM")
    older = (quirky_facts / "vestigingenbo.csv").read_bytes().decode("cp1252").splitlines()[0].split(";")
    assert older[2:4] == ["BRIN NUMMER", "VESTIGINGSNUMMER"]


def test_childcare_has_the_header_and_the_encoding_of_lrk(facts_folder):
    content = (facts_folder / "export_opendata_lrk.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.decode("utf-8-sig").splitlines()[0] == LRK_HEADER
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert {row["type_oko"] for row in rows} <= {"KDV", "BSO", "VGO", "GO"}
    assert all(re.fullmatch(r"9999\d{12}", row["bag_id"]) for row in rows if row["type_oko"] != "VGO")


def test_roads_have_the_documented_columns_of_nwb(facts_folder):
    path = facts_folder / "nwb_wegen.gpkg"
    assert set(NWB.split()) <= schema(path, "Wegvakken").keys()
    assert [name for name, _ in pyogrio.list_layers(path)] == ["Wegvakken", "Junctions"]


@pytest.mark.parametrize("layer", HYDAMO)
def test_water_has_the_documented_columns_in_lower_case_or_as_old_deliveries_in_upper(
    facts_folder, quirky_facts, layer
):
    name = "hydamo_voorbeelddorp.gpkg"
    newer, older = schema(facts_folder / name, layer), schema(quirky_facts / name, layer)
    assert HYDAMO[layer] <= newer.keys()
    assert [column.upper() for column in newer] == list(older)


def test_every_layer_is_in_rd_new_says_that_it_is_generated_and_carries_no_clock(facts_folder):
    packages = sorted(facts_folder.glob("*.gpkg"))
    assert len(packages) == 8
    for path in packages:
        with closing(sqlite3.connect(path)) as database:
            contents = database.execute("SELECT description, last_change, srs_id, data_type FROM gpkg_contents")
            for description, changed, srs, kind in contents:
                assert (description, changed) == (GENERATED, "2024-03-01T10:00:00.000Z")
                assert srs == 28992 or kind == "attributes"


FACTS = {
    "cbs_vk100": "CBS, squares",
    "export_opendata_lrk": "LRK",
    "gwsw_": "GWSW",
    "herontwikkeling": "Plan of redevelopment",
    "nwb_wegen": "NWB",
    "statistiek_gebieden_buurten.shp": "CBS, buurten",
    "vestigingen": "DUO",
    "voetgangersnetwerk": "Walking network",
    "voorzieningen": "List of places",
    "wijkenbuurten": "CBS, buurten",
}
"""Begin of the name of a file to that of what it is recognised as; the others are for readers to come."""


def test_every_file_of_facts_is_taken_for_what_it_is(facts_folder, quirky_facts):
    for path in (*facts_folder.iterdir(), *quirky_facts.iterdir()):
        known = [title for name, title in FACTS.items() if path.name.startswith(name)]
        if known:
            assert recognise(path).source.title.startswith(known[0])
        else:
            with pytest.raises(UnrecognisedSourceError):
                recognise(path)


# The core of the sample: what is compared here is what its own tests leave


VERBLIJFSOBJECT = """identificatie oppervlakte status gebruiksdoel openbare_ruimte huisnummer huisletter toevoeging
postcode woonplaats bouwjaar pandidentificatie pandstatus rdf_seealso"""
TAG = re.compile(rb"<((?:\w+:)?[A-Za-z][\w-]*)[ >/]")
EMPTY_GML = 388
"""Bytes of a member without objects, in real deliveries and here."""


def test_the_bgt_in_citygml_has_the_members_and_elements_of_a_real_delivery(sample_files, shared_data):
    """Each object type, in the first megabyte of its file, has no element that the real one lacks."""
    ours = next(sample_files.rglob("*citygml.zip"))
    with (
        zipfile.ZipFile(ours) as found,
        zipfile.ZipFile(shared_data / "nl" / "otterlo-bgt" / "otterlo.zip") as real,
    ):
        assert set(found.namelist()) == set(real.namelist())
        filled = [name for name in found.namelist() if found.getinfo(name).file_size > EMPTY_GML]
        assert len(filled) >= 8
        for name in filled:
            if real.getinfo(name).file_size > EMPTY_GML:
                with found.open(name) as one, real.open(name) as other:
                    elements, known = set(TAG.findall(one.read(2**20))), set(TAG.findall(other.read()))
                assert elements <= known | {b"gml:interior"}, (name, elements - known)
        empty = next(name for name in found.namelist() if found.getinfo(name).file_size == EMPTY_GML)
        assert found.read(empty) == next(
            real.read(n) for n in real.namelist() if real.getinfo(n).file_size == EMPTY_GML
        )


def test_verblijfsobjecten_have_the_documented_columns_of_the_web_feature_service(sample_files):
    package = next(path for path in sample_files.rglob("bag_*.gpkg"))
    found = schema(package, "verblijfsobject")
    assert set(VERBLIJFSOBJECT.split()) <= found.keys()
    frame = pyogrio.read_dataframe(package, layer="verblijfsobject", read_geometry=False)
    assert frame["identificatie"].str.fullmatch(r"9999010\d{9}").all()
    assert frame["pandidentificatie"].str.fullmatch(r"999910\d{10}").all()
    assert frame["postcode"].str.fullmatch(r"9999[A-Z]{2}").all()


def test_heights_have_the_names_cells_and_nodata_of_ahn(sample_files):
    import rasterio

    for folder, letter, cell in (
        ("dtm_05m", "M", 0.5),
        ("dsm_05m", "R", 0.5),
        ("dtm_5m", "M", 5.0),
        ("dsm_5m", "R", 5.0),
    ):
        with rasterio.open(sample_files / folder / f"{letter}_99XX1.tif") as raster:
            assert raster.res == (cell, cell)
            assert raster.crs.to_epsg() == 28992
            assert raster.dtypes == ("float32",)
            assert raster.nodata == pytest.approx(3.4028234663852886e38)
