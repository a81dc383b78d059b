"""A twin gathers real files into one situation, says what is wrong with them, and computes on it."""

import shutil

import numpy as np
import pytest

from morgen.core.errors import (
    BusyError,
    InputError,
    MissingLayerError,
    ParameterError,
    RunNotFoundError,
    SourceError,
    UnrecognisedSourceError,
)
from morgen.core.situation import TerrainOrigin
from morgen.services.area_file import read_area
from morgen.services.lock import exclusive
from morgen.services.twin import Twin

SHORT = {"rain": 20, "duration": 0.1, "after": 0.05}


def make_twin(folder, sources, *, cell_size=2.0):
    twin = Twin.create(folder, read_area(sources / "area.geojson"), cell_size=cell_size)
    twin.add(sources)
    return twin


@pytest.fixture(scope="module")
def sources(sample_files, tmp_path_factory):
    """A copy of the sample that this module may look at, at a path of its own."""
    folder = tmp_path_factory.mktemp("linked") / "sources"
    shutil.copytree(sample_files, folder)
    return folder


@pytest.fixture(scope="module")
def twin(sources, tmp_path_factory):
    return make_twin(tmp_path_factory.mktemp("twin") / "sample", sources)


@pytest.fixture
def own_sources(sample_files, tmp_path):
    """A copy of the sample that a test may break."""
    shutil.copytree(sample_files, tmp_path / "sources")
    return tmp_path / "sources"


def test_a_situation_holds_every_layer(twin):
    """The sample gives terrain without holes, a land cover, and buildings that all have a height and a solid."""
    situation = twin.situation()

    terrain = situation.raster("terrain").values
    buildings = situation.features("buildings")
    assert not np.isnan(terrain).any()
    assert situation.layers["land_cover"].count > 100
    assert (buildings["bag_id"].str.len() == 16).all()
    assert (buildings["in_bgt"] & buildings["in_bag"]).all()
    assert buildings["solid"].notna().mean() > 0.95


def test_filled_terrain_is_marked(twin):
    """A cell under a building or in water is marked as filled; the others are measured."""
    situation = twin.situation()

    origin = situation.raster("terrain_origin").values
    shares = {code: (origin == code).mean() for code in TerrainOrigin.LABELS}
    assert shares[TerrainOrigin.UNDER_BUILDING] > 0.1
    assert shares[TerrainOrigin.UNDER_WATER] > 0.02
    assert shares[TerrainOrigin.MEASURED] > 0.6


def test_every_layer_is_traceable(twin, sources):
    """Each layer names its sources, with the hash of the very bytes that were read."""
    from morgen.sources.files import sha256_of

    for layer in twin.situation().layers.values():
        assert layer.stamps
        for stamp in layer.stamps:
            assert stamp.state == "ok"
            assert stamp.sha256 in {sha256_of(path) for path in sources.rglob("*") if path.is_file()}


def test_unchanged_sources_are_not_read_again(twin, monkeypatch):
    """The second gather returns the same situation without opening a source."""
    first = twin.situation()
    monkeypatch.setattr("morgen.services.gather.look_at", None)

    assert twin.situation() == first


def test_a_changed_source_is_read_again(own_sources, tmp_path):
    """Touching a file is enough for a new gather; equal content gives the same situation."""
    twin = make_twin(tmp_path / "twin", own_sources)
    before = twin.situation()
    (own_sources / "dtm_05m" / "M_99XX1.tif").touch()

    assert twin.situation().content_hash == before.content_hash
    assert len(list((tmp_path / "twin/.morgen/situations").iterdir())) == 2


def test_a_broken_source_leaves_the_others_usable(own_sources, tmp_path):
    """A truncated DTM, fine and coarse, is named with what it was taken for; the model is refused."""
    twin = make_twin(tmp_path / "twin", own_sources)
    for dtm in own_sources.rglob("M_99XX1.tif"):
        dtm.write_bytes(dtm.read_bytes()[: dtm.stat().st_size // 4])

    situation = twin.situation()

    assert situation.has("land_cover")
    assert situation.has("buildings")
    with pytest.raises(MissingLayerError, match=r"terrain.*M_99XX1\.tif was taken for.*morgen check"):
        twin.run("pluvial-flood")
    report = twin.check()
    assert not report.usable
    assert any("M_99XX1.tif" in finding.sentence for finding in report.findings)
    assert twin.runs() == []


def test_a_source_that_is_gone_is_reported(own_sources, tmp_path):
    """A linked folder that was moved is a finding, not a crash."""
    twin = make_twin(tmp_path / "twin", own_sources)
    own_sources.rename(tmp_path / "elsewhere")

    report = twin.check()

    assert not report.usable
    assert any(str(own_sources) in finding.sentence for finding in report.findings)


def test_a_twin_without_sources_says_so(sources, tmp_path):
    """The sentence says how to link some."""
    twin = Twin.create(tmp_path / "twin", read_area(sources / "area.geojson"))

    with pytest.raises(InputError, match="morgen add"):
        twin.situation()


def test_data_of_elsewhere_is_refused(sources, shared_data, tmp_path):
    """The BGT of another town is not linked, and the sentence says where it lies."""
    twin = Twin.create(tmp_path / "twin", read_area(sources / "area.geojson"))

    for elsewhere in ("delft-oost/derived/delft_oost_bgt.gpkg", "otterlo-bgt/otterlo.zip"):
        with pytest.raises(SourceError, match=r"is BGT.* of x \d+ to .*link data of the area itself"):
            twin.add(shared_data / "nl" / elsewhere)
    assert twin.config.sources == ()


def test_a_missing_or_unknown_file_is_refused_whole(sources, tmp_path):
    """When one of several paths cannot be used, none is linked."""
    twin = Twin.create(tmp_path / "twin", read_area(sources / "area.geojson"))
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"PK nothing that a reader knows")

    with pytest.raises(UnrecognisedSourceError, match="does not exist"):
        twin.add(sources, tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"letter\.docx"):
        twin.add(sources, letter)

    assert twin.config.sources == ()


def test_a_path_is_linked_once(own_sources, tmp_path):
    """Adding the same folder again changes nothing."""
    twin = make_twin(tmp_path / "twin", own_sources)
    twin.add(own_sources)

    assert len(twin.config.sources) == 1


def test_a_run_answers_with_a_closed_balance(twin):
    """Rain equals what is stored, infiltrated, drained and gone, to a hundred-thousandth."""
    result = twin.run("pluvial-flood", **SHORT)

    balance = result.balance
    parts = sum(balance[key] for key in ("stored", "infiltrated", "sewer", "outflow", "pumped"))
    assert result.state == "successful"
    assert balance["rain"] == pytest.approx(0.020 * twin.situation().raster("terrain").values.size * 4, rel=1e-3)
    assert parts == pytest.approx(balance["rain"], rel=1e-5)
    assert result.depth.to_xarray().dims == ("time", "y", "x")
    assert result.max_depth.to_xarray().shape == twin.situation().grid.shape
    assert set(result.buildings.to_geopandas()["bag_id"]) <= set(twin.situation().features("buildings")["bag_id"])


def test_the_same_manifest_gives_the_same_outputs(twin):
    """Running again makes a new run with equal hashes of every output."""
    first, second = (twin.run("pluvial-flood", **SHORT) for _ in range(2))

    assert first.id != second.id
    assert first.run.manifest == second.run.manifest
    assert {o.name: o.sha256 for o in first.run.outputs} == {o.name: o.sha256 for o in second.run.outputs}


def test_parameters_of_the_twin_are_used_when_none_are_given(own_sources, tmp_path):
    """[models.<id>] in morgen.toml comes before the model's own defaults, and after what is given."""
    twin = make_twin(tmp_path / "twin", own_sources, cell_size=5.0)
    path = tmp_path / "twin/morgen.toml"
    path.write_text(path.read_text() + "\n[models.pluvial-flood]\nrain = 11\nduration = 0.1\nafter = 0\n")

    result = twin.run("pluvial-flood", duration=0.05)

    assert result.run.manifest.parameters["rain"] == 11
    assert result.run.manifest.parameters["duration"] == 0.05


def test_a_wrong_parameter_starts_nothing(twin):
    """The sentence names value and range, and no run appears."""
    before = len(twin.runs())

    with pytest.raises(ParameterError, match=r"rain.*-5 mm.*more than 0 and at most 300"):
        twin.run("pluvial-flood", rain=-5)
    assert len(twin.runs()) == before


def test_a_twin_in_use_is_not_run_twice(twin):
    """While another process holds the twin, a run is refused with who holds it; looking is allowed."""
    with exclusive(twin.folder, "morgen run"), pytest.raises(BusyError, match=r"in use by `morgen run`"):
        twin.run("pluvial-flood", **SHORT)
    assert twin.runs()


def test_an_unknown_run_is_named(twin):
    """The sentence says which run, and where to look."""
    with pytest.raises(RunNotFoundError, match="19990101"):
        twin.get_run("19990101")


def test_an_unknown_output_names_those_there_are(twin):
    """Asking for an output that the run does not have lists what it has."""
    result = twin.runs()[-1]

    with pytest.raises(AttributeError, match="max_depth"):
        _ = result.noise


def test_the_attribution_that_a_user_gives_is_the_one_that_is_shown(sources, tmp_path):
    """What the owner says of a file overrules what its format lets a reader believe."""
    twin = Twin.create(tmp_path / "twin", read_area(sources / "area.geojson"), cell_size=5.0)

    twin.add(sources, attribution="Gemeente Voorbeelddorp")

    stamps = [stamp for layer in twin.situation().layers.values() for stamp in layer.stamps]
    assert {stamp.source.attribution for stamp in stamps} == {"Gemeente Voorbeelddorp"}
