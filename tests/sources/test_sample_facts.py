"""People, facilities, sewers, water and streets of the sample agree with each other."""

import csv
from itertools import islice
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from morgen.sources.files import sha256_of
from morgen.sources.sample.facts import write_facts
from morgen.sources.sample.facts.drainage import Drainage, drain
from morgen.sources.sample.facts.network import street_network
from morgen.sources.sample.facts.population import FAMILY, SINGLE, SINGLE_PARENT, Home, populate
from morgen.sources.sample.facts.rain import CLOUDBURST, hourly_rain
from morgen.sources.sample.facts.settlement import settle
from morgen.sources.sample.facts.sewers import MIXED_BEFORE, SPACING, Tree
from morgen.sources.sample.facts.tally import SECRET, percentages, rounded
from morgen.sources.sample.facts.write_facts import street_heights
from morgen.sources.sample.facts.write_redevelopment import plots_of
from morgen.sources.sample.frame import frame_of
from morgen.sources.sample.plan import plan_sheets, plan_wijk, wijk_of_sheet

GWSW = "gwsw_voorbeelddorp.gpkg"


@pytest.fixture(scope="module")
def settlement(wijk):
    return settle(wijk, 7)


@pytest.fixture(scope="module")
def network(wijk):
    return street_network(wijk.streets)


@pytest.fixture(scope="module")
def drainage(wijk, network) -> Drainage:
    return drain(wijk, network, street_heights(wijk))


def read(path: Path, layer: str) -> geopandas.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=layer)


# People

homes = st.builds(
    Home,
    number=st.just("9999010000000001"),
    x=st.just(0.0),
    y=st.just(0.0),
    year=st.integers(1850, 2023),
    floor_area=st.floats(25, 300),
    is_flat=st.booleans(),
    buurt=st.sampled_from(["BU99990101", "BU99990102", "BU99990199"]),
)


@given(st.lists(homes, min_size=1, max_size=300), st.integers(0, 2**31))
def test_people_are_households_times_their_size_for_every_list_of_dwellings(dwellings, seed):
    found = populate(dwellings, seed)
    assert abs(len(found.home) - 0.97 * len(dwellings)) <= 1
    assert len(set(found.home.tolist())) == len(found.home)
    assert len(found.age) == found.size.sum() == len(found.woman)
    assert (np.bincount(found.household, minlength=len(found.home)) == found.size).all()
    assert (found.size[found.kind == SINGLE] == 1).all()
    assert ((found.size[found.kind == FAMILY] >= 3) & (found.size[found.kind == FAMILY] <= 5)).all()
    assert ((found.age >= 0) & (found.age <= 98)).all()
    children = found.age[found.age < 18]
    with_children = np.isin(found.kind[found.household[found.age < 18]], (FAMILY, SINGLE_PARENT))
    assert len(children) == with_children.sum()


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=6).filter(sum))
def test_percentages_add_up_to_100_and_are_at_most_1_away_from_exact(counts):
    found = percentages(counts)
    assert sum(found) == 100
    assert all(abs(share - 100 * count / sum(counts)) < 1 for share, count in zip(found, counts, strict=True))


@given(st.integers(0, 100_000))
def test_counts_are_given_as_the_nearest_multiple_of_5(count):
    assert rounded(count) % 5 == 0
    assert abs(rounded(count) - count) <= 2


def test_the_wijk_has_the_households_of_a_dutch_wijk(settlement):
    """CBS, Netherlands 2023: 2.1 people a household, 39 % of one person, 15 % under 15, 20 % of 65 and over."""
    people = settlement.population
    assert len(people.home) / len(settlement.homes) == pytest.approx(0.97, abs=0.001)
    assert 1.9 < people.size.mean() < 2.3
    assert 0.30 < (people.kind == SINGLE).mean() < 0.45
    assert 0.13 < (people.age < 15).mean() < 0.22
    assert 0.13 < (people.age >= 65).mean() < 0.25


def test_newer_houses_have_larger_households_than_flats(settlement):
    people, year, flat = settlement.population, settlement.year, settlement.is_flat
    in_flat = flat[people.home]
    in_new_house = (year[people.home] >= 1990) & ~in_flat
    assert people.size[in_new_house].mean() > people.size[in_flat].mean() + 0.5


def test_buurten_wijken_and_municipality_agree_with_the_people_within_rounding(facts_folder, settlement):
    path = facts_folder / "wijkenbuurten_2023.gpkg"
    buurten, gemeenten = read(path, "buurten"), read(path, "gemeenten")
    known = buurten[buurten["aantal_inwoners"] > SECRET]
    for column, count in (
        ("aantal_inwoners", len(settlement.population.age)),
        ("aantal_huishoudens", len(settlement.population.home)),
    ):
        assert abs(known[column].sum() - count) <= 2.5 * len(known)
        assert abs(gemeenten[column][0] - count) <= 2.5
    assert buurten["woningvoorraad"].sum() == gemeenten["woningvoorraad"][0] == len(settlement.homes)
    assert (known["aantal_inwoners"] % 5 == 0).all()
    assert ((known["mannen"] + known["vrouwen"] - known["aantal_inwoners"]).abs() <= 5).all()
    size = known["aantal_inwoners"] / known["aantal_huishoudens"]
    assert (size - known["gemiddelde_huishoudsgrootte"]).abs().max() < 0.2


def test_percentages_of_a_buurt_add_up_to_100(facts_folder):
    buurten = read(facts_folder / "wijkenbuurten_2023.gpkg", "buurten")
    known = buurten[buurten["percentage_personen_0_tot_15_jaar"] > SECRET]
    ages = [
        name for name in buurten if name.startswith("percentage_personen_") and name.endswith(("jaar", "ouder"))
    ]
    households = [
        name for name in buurten if "percentage_" in name and "huishoudens_" in name and "kinderen" in name
    ]
    assert (len(ages), len(households)) == (5, 2)
    assert (known[ages].sum(axis=1) == 100).all()
    assert (known[[*households, "percentage_eenpersoonshuishoudens"]].sum(axis=1) == 100).all()


def test_one_buurt_has_too_few_people_for_any_figure_but_its_ground(facts_folder):
    buurten = read(facts_folder / "wijkenbuurten_2023.gpkg", "buurten")
    held = buurten[buurten["aantal_inwoners"] == SECRET]
    assert len(held) == 1
    assert (held["gemiddelde_huishoudsgrootte"] == SECRET).all()
    assert (held["oppervlakte_totaal_in_ha"] > 0).all()


def test_buurten_are_the_box_without_overlap_or_gap(facts_folder, wijk):
    for layer in ("buurten", "wijken", "gemeenten"):
        shapes = read(facts_folder / "wijkenbuurten_2023.gpkg", layer).geometry
        assert shapes.is_valid.all()
        assert shapes.area.sum() == pytest.approx(wijk.box.area, abs=1)
        assert shapes.union_all().symmetric_difference(wijk.box).area < 1


def test_squares_agree_with_the_people_within_rounding_and_hold_back_what_is_below_5(facts_folder, settlement):
    squares = read(facts_folder / "cbs_vk100_2023.gpkg", "cbs_vk100")
    people = squares["aantal_inwoners"]
    held = (people == SECRET).sum()
    assert abs(people[people > 0].sum() - len(settlement.population.age)) <= 2.5 * len(squares) + 4 * held
    assert abs(squares["aantal_woningen"].clip(lower=0).sum() - len(settlement.homes)) <= 2.5 * len(squares)
    counts = squares[[name for name in squares if name.startswith("aantal_")]].to_numpy()
    assert ((counts == SECRET) | ((counts >= 5) & (counts % 5 == 0))).all()


# Facilities


def test_school_places_fit_the_children_of_the_wijk(wijk, settlement):
    """Schools are seldom full and serve others too: places are 0.8 to 2 times the children of 4 to 11."""
    age = settlement.population.age
    children = int(((age >= 4) & (age < 12)).sum())
    places = sum(each.capacity for each in wijk.facilities if each.kind == "primary school")
    assert 0.8 * children < places < 2.0 * children


def test_every_school_but_the_last_of_its_file_has_an_address_of_the_bag(facts_folder, wijk):
    addresses = {(each.postcode, str(each.house_number), each.street) for each in wijk.residences}
    for name in ("vestigingenbo.csv", "vestigingenvo.csv"):
        with (facts_folder / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        found = [
            (row["POSTCODE"].replace(" ", ""), row["HUISNUMMER-TOEVOEGING"], row["STRAATNAAM"]) in addresses
            for row in rows
        ]
        assert found == [True] * (len(rows) - 1) + [False]


def test_childcare_lies_in_verblijfsobjecten_but_for_a_childminder_and_one_unknown_number(facts_folder, wijk):
    with (facts_folder / "export_opendata_lrk.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    numbers = {each.number for each in wijk.residences}
    unknown = [row["type_oko"] for row in rows if row["bag_id"] not in numbers]
    assert len(rows) > 3
    assert unknown == ["VGO", "BSO"]


def test_places_say_what_their_capacity_counts(facts_folder, wijk):
    places = read(facts_folder / "voorzieningen.gpkg", "voorzieningen")
    assert len(places) == len(wijk.facilities)
    assert (places["capacity"].notna() == places["unit"].notna()).all()
    assert {"health centre", "sports hall", "library", "community centre"} <= set(places["kind"])
    assert shapely.covers(wijk.box, places.geometry.to_numpy()).all()


# Sewers


@pytest.mark.parametrize("name", ["foul", "rain"])
def test_every_manhole_runs_down_to_an_end(drainage, name):
    """Pipes never rise, each manhole has one way down, and no way goes round in a circle."""
    tree: Tree = getattr(drainage, name)
    down = {pipe.upper: pipe for pipe in tree.pipes}
    assert len(down) == len(tree.pipes)
    assert all(pipe.lower_invert < pipe.upper_invert for pipe in tree.pipes)
    for rank in range(len(tree.manholes)):
        here, steps = rank, 0
        while here in down:
            below = down[here]
            after = down.get(below.lower)
            assert after is None or after.upper_invert <= below.lower_invert
            here, steps = below.lower, steps + 1
            assert steps <= len(tree.pipes)
        assert here in tree.roots


def test_pipes_lie_a_metre_under_the_street_and_manholes_are_30_to_40_m_apart(drainage):
    for tree in (drainage.foul, drainage.rain):
        lengths = []
        for pipe in tree.pipes:
            upper, lower = tree.manholes[pipe.upper], tree.manholes[pipe.lower]
            lengths.append(np.hypot(*np.subtract(upper.point, lower.point)))
            assert pipe.upper_invert + pipe.diameter <= upper.ground - 0.99
            assert pipe.lower_invert + pipe.diameter <= lower.ground - 0.99
        assert max(lengths) <= SPACING + 0.5
        assert 28 < np.median(lengths) < 40


def test_pipes_lie_under_carriageways(drainage):
    for tree in (drainage.foul, drainage.rain):
        for pipe in tree.pipes:
            ends = [tree.manholes[pipe.upper].point, tree.manholes[pipe.lower].point]
            streets = [tree.manholes[rank].section.street for rank in (pipe.upper, pipe.lower)]
            middle = shapely.LineString(ends).interpolate(0.5, normalized=True)
            assert min(street.line.distance(middle) - street.carriageway / 2 for street in streets) < 0.0


def test_old_streets_have_one_mixed_pipe_and_later_ones_two(drainage):
    older = [
        pipe
        for pipe in drainage.foul.pipes
        if drainage.foul.manholes[pipe.upper].section.street.year < MIXED_BEFORE
    ]
    assert older
    assert all(pipe.is_mixed for pipe in older)
    assert any(not pipe.is_mixed for pipe in drainage.foul.pipes)
    assert all(manhole.section.street.year >= MIXED_BEFORE for manhole in drainage.rain.manholes)


def test_every_buurt_with_dwellings_drains(drainage, wijk, settlement):
    points = shapely.points([manhole.point for manhole in drainage.foul.manholes])
    lived_in = {home.buurt for home in settlement.homes}
    for district in wijk.districts:
        if district.code in lived_in:
            assert shapely.intersects(district.shape, points).any(), district.name


def test_one_station_can_pump_the_wijk_dry_within_a_day(drainage, wijk):
    """Foul water of all people (12 l/h) and 0.7 mm/h of rain; the main leaves the box."""
    (station,) = drainage.stations
    assert station.capacity > 0.012 * 2 * len(wijk.dwellings)
    assert station.capacity < 1000
    assert shapely.Point(station.main.coords[-1]).distance(wijk.box.exterior) < 1


def test_overflows_lie_above_the_water_and_below_the_street(drainage):
    overflows = [outfall for outfall in drainage.outfalls if outfall.crest is not None]
    assert overflows
    for overflow in overflows:
        ground = drainage.foul.manholes[overflow.manhole].ground
        assert overflow.water_level < overflow.crest < ground
    outfalls = [outfall for outfall in drainage.outfalls if outfall.tree == "rain"]
    assert {outfall.manhole for outfall in outfalls} == set(drainage.rain.roots)


def test_the_ends_of_every_pipe_in_the_file_are_points_in_the_file(facts_folder):
    points, lines = (read(facts_folder / GWSW, f"default_{what}") for what in ("punt", "lijn"))
    assert points["Naam"].is_unique
    assert lines["Naam"].is_unique
    names = set(points["Naam"]) | set(lines["Naam"])
    ends = lines[["BeginpuntNaam", "EindpuntNaam"]].stack()
    assert set(ends.dropna()) <= names
    assert lines["EindpuntNaam"].isna().sum() == (lines["TypeNaam"] == "Persleiding").sum()
    gullies = points[points["TypeNaam"] == "Kolk"]
    assert set(gullies["Naam"]) == set(lines.loc[lines["TypeNaam"] == "Kolkaansluitleiding", "BeginpuntNaam"])


# Water and ground


def test_levels_lie_below_the_streets_and_above_the_beds(wijk, facts_folder):
    heights = street_heights(wijk)
    for waterway in wijk.waterways:
        middle = np.array([waterway.line.interpolate(0.5, normalized=True).coords[0][:2]])
        assert waterway.bed < waterway.level < heights(middle)[0]
    path = facts_folder / "hydamo_voorbeelddorp.gpkg"
    areas, levels = read(path, "PeilgebiedPraktijk"), read(path, "Streefpeil")
    assert areas.area.sum() == pytest.approx(wijk.box.area, abs=1)
    assert set(levels["peilgebiedpraktijkid"]) == set(areas["globalid"])
    assert set(levels["soortstreefpeil"]) == {"zomerpeil", "winterpeil"}
    assert len(read(path, "DuikerSifonHevel")) == len(wijk.culverts)
    assert len(read(path, "Stuw")) >= 1
    assert (read(path, "Gemaal")["maximalecapaciteit"] > 0).all()


@pytest.mark.parametrize("name", ["B99X0001001_1.csv", "B99X0002001.csv"])
def test_groundwater_stands_between_half_a_metre_and_two_metres_below_the_ground(facts_folder, name):
    with (facts_folder / name).open(encoding="ascii", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0].startswith("B99X")]
    place, readings = rows[0], rows[1:]
    ground, top = int(place[5]), int(place[9])
    assert len(readings) == 12 * 12 * 2
    for row in readings:
        below_top, below_ground, head = map(int, row[3:6])
        assert (top - below_top, ground - below_ground) == (head, head)
    below = np.array([int(row[4]) for row in readings])
    assert 40 < np.percentile(below, 5) < np.percentile(below, 95) < 200


def test_rain_has_the_sum_and_the_wet_hours_of_de_bilt_and_one_cloudburst():
    """De Bilt, 2000: 932 mm, rain in 14.4 % of the hours, at most 21.7 mm in an hour."""
    for seed in (7, 8):
        rain = hourly_rain(seed)
        assert len(rain) == 8760
        assert 850 < rain.sum() < 1000
        assert 0.12 < (rain > 0).mean() < 0.16
        assert rain.max() == max(CLOUDBURST[2])
        assert np.sort(rain)[-4] < 21.7
        assert sum(CLOUDBURST[2]) == pytest.approx(63.6)


def test_soils_cover_the_box(facts_folder, wijk):
    soils = read(facts_folder / "bodemkaart.gpkg", "soilarea")
    assert soils.area.sum() == pytest.approx(wijk.box.area, abs=1)
    assert len(soils) >= 3
    assert (soils["saturated_conductivity"] > 0).all()


# Streets


def test_road_sections_end_exactly_in_their_junctions_and_hang_together(facts_folder):
    path = facts_folder / "nwb_wegen.gpkg"
    roads, junctions = read(path, "Wegvakken"), read(path, "Junctions")
    at = dict(zip(junctions["JTE_ID"], junctions.geometry, strict=True))
    assert roads["WVK_ID"].is_unique
    for road in roads.itertuples():
        (line,) = road.geometry.geoms
        assert line.coords[0] == at[road.JTE_ID_BEG].coords[0]
        assert line.coords[-1] == at[road.JTE_ID_END].coords[0]
    group = {junction: junction for junction in at}

    def top(junction):
        while group[junction] != junction:
            junction = group[junction]
        return junction

    for road in roads.itertuples():
        group[top(road.JTE_ID_BEG)] = top(road.JTE_ID_END)
    assert len({top(junction) for junction in at}) == 1


def test_streets_cross_only_in_junctions(network):
    lines = [section.line for section in network.sections]
    tree = shapely.STRtree(lines)
    one, other = tree.query(lines, predicate="crosses")
    ends = shapely.MultiPoint(network.points)
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        for point in shapely.get_parts(lines[first].intersection(lines[second])):
            assert point.distance(ends) < 3.0


def test_house_numbers_along_a_road_are_those_of_its_street(facts_folder, wijk):
    roads = read(facts_folder / "nwb_wegen.gpkg", "Wegvakken")
    by_street: dict[str, set[int]] = {}
    for residence in wijk.residences:
        by_street.setdefault(residence.street, set()).add(residence.house_number)
    numbered = roads[roads["E_HNR_LNKS"].notna()]
    assert len(numbered) > 50
    assert set(roads["HNRSTRLNKS"]) <= {"O", "E", "M", "N"}
    for road in numbered.itertuples():
        assert {int(road.E_HNR_LNKS), int(road.L_HNR_LNKS)} <= by_street[road.STT_NAAM]


def test_the_network_on_foot_has_bridges_alleys_and_dead_ends(facts_folder):
    path = facts_folder / "voetgangersnetwerk.gpkg"
    edges, nodes = read(path, "edges"), read(path, "nodes")
    assert set(edges["from_node"]) | set(edges["to_node"]) == set(nodes["node_id"])
    assert (edges.geometry.length - edges["length"]).abs().max() < 0.01
    assert {"footpath", "shared", "path", "alley"} == set(edges["kind"])
    assert edges["is_bridge"].sum() >= 3
    assert edges["is_dead_end"].sum() >= 5
    assert {"junction", "dead end", "border"} == set(nodes["kind"])


# The redevelopment plan


def test_plots_street_and_green_are_the_site_and_keep_their_rules(wijk):
    assert wijk.redevelopment
    for site in wijk.redevelopment:
        shapes = [shape for _, shape in plots_of(site)]
        assert sum(shape.area for shape in shapes) == pytest.approx(site.shape.area, abs=0.5)
        assert shapely.union_all(shapes).symmetric_difference(site.shape).area < 0.5
        kinds = [kind for kind, _ in plots_of(site)]
        assert kinds.count("plot") >= 6
        assert {"street", "green"} <= set(kinds)


def test_sites_of_other_sheets_are_cut_whole_too():
    """Cuts that leave a line or nothing over, as on these sheets of a large wijk, end in the same partition."""
    frame = frame_of(25.0)
    sites = [
        site
        for planned in islice(plan_sheets(7, frame), 4)
        for site in wijk_of_sheet(planned, frame, 7).redevelopment
    ]
    assert len(sites) >= 9
    for site in sites:
        shapes = [shape for _, shape in plots_of(site)]
        assert shapely.union_all(shapes).symmetric_difference(site.shape).area < 0.5


def test_the_plan_says_for_each_plot_what_may_be_built(facts_folder, wijk):
    plan = geopandas.read_file(facts_folder / "herontwikkeling.geojson")
    plots = plan[plan["kind"] == "plot"]
    assert plan.crs.to_epsg() == 28992
    assert (plots["max_height"] >= plots["max_storeys"] * 2.8).all()
    assert ((plots["max_coverage"] + plots["min_green"]) <= 1).all()
    assert (plots["max_floor_area"] <= plots["area"] * plots["max_coverage"] * plots["max_storeys"] + 1).all()
    assert 100 < plots["dwellings"].sum() < 2000
    assert not plan.loc[plan["kind"] != "plot", "dwellings"].any()


# Seeds and quirks


def test_the_same_seed_gives_the_same_bytes_and_another_one_other_people(tmp_path):
    small = plan_wijk(7, 0.1)
    folders = [tmp_path / name for name in ("one", "two", "other")]
    for folder, seed in zip(folders, (7, 7, 8), strict=True):
        folder.mkdir()
        write_facts(folder, small, seed)
    one, two, other = ({path.name: sha256_of(path) for path in folder.iterdir()} for folder in folders)
    assert one == two
    assert one["wijkenbuurten_2023.gpkg"] != other["wijkenbuurten_2023.gpkg"]
    assert one["nwb_wegen.gpkg"] == other["nwb_wegen.gpkg"]


def test_quirks_are_those_of_real_deliveries(facts_folder, quirky_facts):
    with (quirky_facts / "export_opendata_lrk.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert all(row["opvanglocatie_woonplaats"] in ("", "'s-Voorbeelddorp") for row in rows)
    assert {row["kvk_nummer_houder"] for row in rows} == {"999999"}
    cut = pyogrio.read_dataframe(quirky_facts / "statistiek_gebieden_buurten.shp", read_geometry=False)
    assert (cut["aantalInwo"] == -99999999).sum() == 1
    assert {path.name for path in facts_folder.iterdir()} < {path.name for path in quirky_facts.iterdir()}
