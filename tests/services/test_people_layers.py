"""What people have and where they live: layers out of registers, and what is kept for calculations only."""

from pathlib import Path

import pytest

from morgen.core.errors import NotFoundError
from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.core.source import SourceStamp, SourceState
from morgen.services.area_file import read_area
from morgen.services.compose import compose_layers
from morgen.services.features.collections import layer_collection, layer_collections
from morgen.services.layers import LayerStore
from morgen.services.objects import ObjectStore
from morgen.services.progress import silent
from morgen.services.reading import Taken
from morgen.sources.bag import address_reader
from morgen.sources.contract import Reader
from morgen.sources.facilities import childcare_reader, place_reader, school_reader
from morgen.sources.network import nwb_reader, walking_reader
from morgen.sources.population import reader as population_reader

FILES = {
    "bag_voorbeelddorp.gpkg": address_reader,
    "voorzieningen.gpkg": place_reader,
    "vestigingenbo.csv": school_reader,
    "export_opendata_lrk.csv": childcare_reader,
    "cbs_vk100_2023.gpkg": population_reader,
    "wijkenbuurten_2023.gpkg": population_reader,
    "voetgangersnetwerk.gpkg": walking_reader,
    "nwb_wegen.gpkg": nwb_reader,
}


def take(path: Path, reader: Reader, grid: Grid) -> Taken:
    recognised = reader.recognise(path)
    assert recognised is not None
    reading = reader.read(recognised, grid)
    stamp = SourceStamp(
        source=recognised.source, state=SourceState.OK, sha256="0" * 64, data_date=reading.data_date
    )
    return Taken(recognised, stamp, reading)


@pytest.fixture(scope="module")
def compose(sample_files, tmp_path_factory):
    """Make a situation of some files of the sample, without terrain or topography."""
    area = read_area(sample_files / "area.geojson")
    grid = Grid.covering(area.bounds, 5.0)
    store = LayerStore(ObjectStore(tmp_path_factory.mktemp("layers")))

    def make(*names: str) -> Situation:
        taken = [take(sample_files / name, FILES[name], grid) for name in names]
        layers = compose_layers(taken, (), grid=grid, store=store, progress=silent)
        return Situation(area=area, grid=grid, layers=layers, reader=store.read)

    return make


def test_registers_become_layers(compose):
    """All files together give facilities once, residents of every dwelling, and the paths of the footpaths."""
    situation = compose(*FILES)
    facilities = situation.features("facilities")
    assert not facilities.duplicated(["kind", "bag_id"])[facilities["bag_id"] != ""].any()
    assert facilities["source_id"].str.endswith("voorzieningen.gpkg").all()
    addresses = situation.features("addresses")
    homes = addresses["use"].str.contains("woonfunctie").sum()
    assert situation.features("residents")["dwellings"].sum() == homes
    assert set(situation.features("paths")["kind"]) == {"footpath", "alley"}


def test_what_cannot_be_placed_is_in_the_stamp_of_its_source(compose):
    """The school at an address that is in no register is named; without addresses all are."""
    layer = compose(*FILES).layers["facilities"]
    said = {Path(stamp.source.id).name: stamp.problem for stamp in layer.stamps}
    assert "De Dependance" in said["vestigingenbo.csv"]
    assert "De Dependance" in said["export_opendata_lrk.csv"]
    alone = compose("vestigingenbo.csv").layers["facilities"]
    assert alone.available
    assert alone.count == 0
    assert "no linked source has addresses" in alone.stamps[0].problem


def test_a_layer_without_its_source_is_missing_with_the_reason(compose):
    """Addresses alone tell neither facilities nor residents: that is not an empty layer."""
    situation = compose("bag_voorbeelddorp.gpkg")
    assert situation.has("addresses")
    for name, role in (("facilities", "facilities"), ("residents", "population"), ("paths", "walking-network")):
        assert not situation.has(name)
        assert situation.layers[name].problem == f"no linked source is used for {role}"


def test_numbers_of_people_at_homes_are_not_served(compose):
    """The layer is there for models, but no collection of it, also when it is asked for by name."""
    situation = compose(*FILES)
    assert situation.has("residents")
    served = {collection.id for collection in layer_collections(situation)}
    assert {"paths", "addresses", "facilities"} <= served
    assert "residents" not in served
    with pytest.raises(NotFoundError, match="there is no collection 'residents'"):
        layer_collection(situation, "residents")


def test_the_newest_edition_of_a_buurt_counts(compose, sample_files):
    """Two files with the same squares give the people once."""
    once = compose("bag_voorbeelddorp.gpkg", "cbs_vk100_2023.gpkg").features("residents")
    twice = compose("bag_voorbeelddorp.gpkg", "cbs_vk100_2023.gpkg", "cbs_vk100_2023.gpkg").features("residents")
    assert twice["residents"].sum() == once["residents"].sum()
