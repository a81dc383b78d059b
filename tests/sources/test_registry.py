"""Recognition of files and folders by content."""

import hashlib
from pathlib import Path

import pytest

from morgen.core.errors import SourceError, UnreadableSourceError, UnrecognisedSourceError
from morgen.core.source import Role
from morgen.sources.files import sha256_of
from morgen.sources.registry import SIDECAR_SUFFIXES, get_reader, readers, recognise, recognise_all


def test_built_in_readers_come_in_through_the_entry_points_in_order_of_their_ids():
    ids = [reader.id for reader in readers()]
    assert {"height-geotiff", "height-points"} <= set(ids)
    assert ids == sorted(ids)
    assert get_reader("height-points").id == "height-points"


def test_an_unknown_reader_is_named_with_those_that_are_installed():
    with pytest.raises(SourceError, match=r"no reader 'kadaster'.*height-geotiff"):
        get_reader("kadaster")


def test_the_real_delft_oost_folder_gives_its_rasters_and_points_and_remarks_on_the_rest(shared_data):
    found = recognise_all(shared_data / "nl" / "delft-oost")
    heights = {item.path.name: item.source.role for item in found.recognised if "height" in item.source.format}
    assert heights == {
        "ahn3_cropped_1.laz": Role.HEIGHT_POINTS,
        "ahn3_cropped_2.laz": Role.HEIGHT_POINTS,
        "delft_oost_ahn3_dsm_05m.tif": Role.SURFACE,
        "delft_oost_ahn3_dsm_5m.tif": Role.SURFACE,
        "delft_oost_ahn3_dtm_05m.tif": Role.TERRAIN,
        "delft_oost_ahn3_dtm_5m.tif": Role.TERRAIN,
    }
    assert not found.failures
    assert any("README.md accompanies data" in remark for remark in found.skipped)
    paths = [item.path for item in found.recognised]
    assert paths == sorted(paths)


@pytest.mark.parametrize("suffix", SIDECAR_SUFFIXES)
def test_files_that_accompany_data_are_skipped_with_one_remark_each(tmp_path, shared_data, suffix):
    _copy(shared_data, tmp_path)
    (tmp_path / f"beside{suffix}").write_text("anything", encoding="utf-8")
    found = recognise_all(tmp_path)
    assert len(found.recognised) == 1
    assert len(found.skipped) == 1
    assert f"beside{suffix}" in found.skipped[0]


def test_a_broken_file_in_a_folder_does_not_lose_the_others(tmp_path, shared_data):
    whole = _copy(shared_data, tmp_path)
    broken = tmp_path / "sub" / "half.tif"
    broken.parent.mkdir()
    broken.write_bytes(whole.read_bytes()[:300])
    (tmp_path / "empty.gml").touch()
    (tmp_path / "letter.bin").write_bytes(b"dear council")
    (tmp_path / ".hidden").write_bytes(b"x")
    found = recognise_all(tmp_path)
    assert [item.path for item in found.recognised] == [whole]
    assert [failure.path for failure in found.failures] == [broken]
    assert [remark.split(" ", 1)[1] for remark in found.skipped] == [
        "is empty (0 bytes), so it was skipped",
        "is of no known format, so it was skipped",
    ]


def test_one_file_is_recognised_as_itself(tmp_path, shared_data):
    whole = _copy(shared_data, tmp_path)
    assert recognise_all(whole).recognised == (recognise(whole),)


def test_what_is_not_there_is_said_to_be_not_there(tmp_path):
    with pytest.raises(UnrecognisedSourceError, match=r"nowhere.tif does not exist"):
        recognise(tmp_path / "nowhere.tif")
    with pytest.raises(UnrecognisedSourceError, match=r"nowhere does not exist"):
        recognise_all(tmp_path / "nowhere")


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    empty = tmp_path / "M_37EN1.tif"
    empty.touch()
    with pytest.raises(UnrecognisedSourceError, match=r"M_37EN1.tif is empty"):
        recognise(empty)


def test_an_unknown_file_is_named_together_with_the_formats_that_are_known(tmp_path):
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"PK dear council")
    with pytest.raises(UnrecognisedSourceError, match=r"letter.docx is of no known format.*GeoTIFF.*LAZ"):
        recognise(letter)


def test_a_folder_without_anything_known_raises(tmp_path):
    (tmp_path / "readme.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(UnrecognisedSourceError, match=r"nothing in the folder"):
        recognise_all(tmp_path)
    with pytest.raises(UnrecognisedSourceError, match=r"is a folder"):
        recognise(tmp_path)


def test_a_folder_with_only_a_broken_file_tells_what_is_broken(tmp_path, shared_data):
    whole = _copy(shared_data, tmp_path)
    whole.write_bytes(whole.read_bytes()[:300])
    with pytest.raises(UnreadableSourceError, match=r"heights.tif was taken for a height raster"):
        recognise_all(tmp_path)


def test_the_hash_of_a_file_is_that_of_its_bytes_wherever_it_lies(tmp_path):
    (tmp_path / "sub").mkdir()
    for path in (tmp_path / "a.bin", tmp_path / "sub" / "b.bin"):
        path.write_bytes(b"polder" * 400_000)
        assert sha256_of(path) == hashlib.sha256(b"polder" * 400_000).hexdigest()


def _copy(shared_data: Path, folder: Path) -> Path:
    source = shared_data / "nl" / "delft-oost" / "derived" / "delft_oost_ahn3_dtm_5m.tif"
    target = folder / "heights.tif"
    target.write_bytes(source.read_bytes())
    return target
