"""Measured rain from files: what falls is what the file says, and what is no rain is refused."""

from datetime import datetime

import pytest

from morgen.core.errors import InputError, UnreadableSourceError
from morgen.models.contract import validate_parameters
from morgen.models.flood import pluvial_flood
from morgen.sources.rain import read_rain


@pytest.fixture
def written(tmp_path):
    """Write a file and give its path."""

    def write(text, name="rain.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_table_of_intensities_ends_with_its_zero(written):
    """0 mm/h in the last row says when the rain ends."""
    series = read_rain(written("time (s),rain (mm/h)\n0,70\n3600,0\n"))
    assert list(series.steps) == [(0, 70), (3600, 0)]
    assert (series.total, series.duration, series.pattern()) == (70.0, 1.0, (70.0,))


def test_a_table_of_amounts_has_a_last_step_as_long_as_the_one_before(written):
    """Dates, semicolons and decimal commas, as spreadsheets in Dutch write them."""
    rows = "tijd;neerslag (mm)\n2024-06-01T10:00;1,5\n2024-06-01T10:05;3\n2024-06-01T10:15;0\n"
    series = read_rain(written(rows))
    assert series.start == datetime.fromisoformat("2024-06-01T10:00+00:00")
    assert list(series.steps) == [(0, 18), (300, 18), (900, 0), (1500, 0)]
    assert series.pattern() == pytest.approx((1.5, 1.5, 1.5, 0, 0))
    assert series.total == pytest.approx(4.5)


def test_the_hours_of_a_station_end_at_their_number(shared_data):
    """De Bilt, 29 July 2000, with 21.7 mm in an hour: tenths of millimetres, traces as dry, the sum."""
    path = shared_data / "nl/knmi/uurgeg_260_1991-2000.txt"
    lines = [line.split(",") for line in path.read_text("utf-8", "replace").splitlines() if line.count(",") > 15]
    head = next(cells for cells in lines if any(cell.strip() == "RH" for cell in cells))
    column = [cell.strip() for cell in head].index("RH")
    day = [int(cells[column]) for cells in lines if cells[1].strip() == "20000729"]
    series = read_rain(path, begin=datetime.fromisoformat("2000-07-29"), end=datetime.fromisoformat("2000-07-30"))
    assert len(series.steps) == 25
    assert max(rate for _, rate in series.steps) == pytest.approx(21.7)
    assert series.pattern() == pytest.approx([max(value, 0) / 10 for value in day])
    assert series.total == pytest.approx(sum(value for value in day if value > 0) / 10)
    traces = sum(value < 0 for value in day)
    assert bool(series.remarks) == bool(traces)


def test_measured_rain_is_an_event_of_the_model(shared_data):
    """Amount, duration and pattern of a day at De Bilt are parameters that the model takes."""
    path = shared_data / "nl/knmi/uurgeg_260_1991-2000.txt"
    series = read_rain(path, begin=datetime.fromisoformat("2000-07-29"), end=datetime.fromisoformat("2000-07-30"))
    given = {"rain": series.total, "duration": series.duration, "pattern": series.pattern()}
    assert validate_parameters(pluvial_flood, given).model_dump()["duration"] == 24


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no table"),
        ("time,rain mm/h\n0,5\n", "at least two rows"),
        ("time,rain\n0,5\n60,0\n", "its head must say mm/h or mm"),
        ("time,rain mm/h\n60,5\n0,0\n", r"not later than the one before it \(line 3\)"),
        ("time,rain mm/h\n0,-5\n60,0\n", r"the rain is -5, which should be at least 0 \(line 2\)"),
        ("time,rain mm/h\n0,nan\n60,0\n", "rain is nan"),
        ("time,rain mm/h\n0,inf\n60,0\n", "rain is inf"),
        ("time,rain mm/h\n0,much\n60,0\n", "should be a time .* and a number"),
        ("time,rain mm/h\n0\n60,0\n", "should be a time .* and a number"),
        ("time,rain mm/h\n0,5\n2024-06-01T10:00,0\n", r"either all in seconds, or all a date \(line 3\)"),
        (b"\x89PNG\r\n\x1a\n\xff", "it is no text"),
    ],
)
def test_what_is_no_rain_is_refused(written, text, said):
    """One sentence with the place."""
    with pytest.raises(UnreadableSourceError, match=said):
        read_rain(written(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    """With its name."""
    with pytest.raises(UnreadableSourceError, match=r"no\.csv was .* it cannot be read"):
        read_rain(tmp_path / "no.csv")


def test_a_period_that_does_not_fit_is_refused(written, shared_data):
    """Dry, too long, not in the file, in seconds, without dates, and sums of days."""
    hours, days = (
        shared_data / "nl/knmi" / name for name in ("uurgeg_260_1991-2000.txt", "neerslaggeg_ESBEEK_831.txt")
    )
    moment = datetime.fromisoformat
    table = written("time,rain mm/h\n0,5\n60,0\n")
    long = written("time,rain mm/h\n0,5\n200000,5\n300000,0\n", "long.csv")
    many = written("time,mm\n0,1\n1,2\n2,1\n301,1\n", "many.csv")
    for call, said in (
        (lambda: read_rain(hours), "with a begin and an end"),
        (lambda: read_rain(hours, begin=moment("2011-01-01"), end=moment("2011-01-02")), "has no rain from"),
        (lambda: read_rain(hours, begin=moment("2000-05-01"), end=moment("2000-05-09")), "lasts 8.0 days"),
        (lambda: read_rain(written("time,mm\n0,0\n60,0\n", "dry.csv")), "is dry from start to end"),
        (lambda: read_rain(long), "lasts 3.5 days"),
        (lambda: read_rain(table, begin=moment("2000-05-01"), end=moment("2000-05-02")), "counts in seconds"),
        (read_rain(many).pattern, "has at most 288"),
    ):
        with pytest.raises(InputError, match=said):
            call()
    with pytest.raises(UnreadableSourceError, match="holds sums of days"):
        read_rain(days)
