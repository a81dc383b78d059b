"""KNMI: a year of hours in the form of the ``uurgeg`` files, with showers, dry spells and one cloudburst.

The weather is drawn, not measured: what matters here is that the rain has the statistics of a Dutch year
(De Bilt 2000 in the same form: 932 mm, rain in 14 % of the hours, at most 21.7 mm in an hour) and that the
other columns are plausible, so that a reader meets every column filled and every kind of blank.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from morgen.sources.sample.frame import GENERATED

__all__ = ["CLOUDBURST", "STATION", "YEAR", "hourly_rain", "write_rain"]

STATION = 999
"""KNMI has no station of this number."""
YEAR = 2023
CLOUDBURST = (date(YEAR, 6, 22), 17, (6.2, 44.6, 12.8))
"""Day, hour (UT) in which it begins, and rain of three hours on end, mm; 63.6 mm in all."""
WET_HOURS = 0.145
"""Share of hours with measurable rain."""
YEAR_SUM = 870.0
"""Rain of the year without the cloudburst, mm."""
TRACES = 0.16
"""Share of the other hours with a trace of rain."""
CALM, TWILIGHT, THUNDER = 3.0, 0.1, 10.0
"""0.1 m/s, share of the sun at noon, and mm in an hour."""
TRACE = -1
"""What stands for rain below 0.05 mm."""

Hours = npt.NDArray[np.float64]

COLUMNS = (
    *("STN", "YYYYMMDD", "HH", "DD", "FH", "FF", "FX", "T", "T10N", "TD", "SQ", "Q", "DR", "RH", "P"),
    *("VV", "N", "U", "WW", "IX", "M", "R", "S", "O", "Y"),
)
MEANING = {
    "YYYYMMDD": "datum (YYYY=jaar,MM=maand,DD=dag) / date (YYYY=year,MM=month,DD=day)",
    "HH": "uur, UT; uurvak 05 loopt van 04.00 tot 05.00 / hour, UT; division 05 runs from 04.00 to 05.00",
    "DD": "windrichting in graden (990=veranderlijk, 0=stil) / wind direction in degrees (990=variable, 0=calm)",
    "FH": "uurgemiddelde windsnelheid (in 0.1 m/s) / hourly mean wind speed (in 0.1 m/s)",
    "FF": "windsnelheid, laatste 10 minuten (in 0.1 m/s) / wind speed, last 10 minutes (in 0.1 m/s)",
    "FX": "hoogste windstoot (in 0.1 m/s) / maximum wind gust (in 0.1 m/s)",
    "T": "temperatuur op 1.50 m (in 0.1 graden Celsius) / temperature at 1.50 m (in 0.1 degrees Celsius)",
    "T10N": "minimum op 10 cm in de afgelopen 6 uur (in 0.1 graden) / minimum at 0.1 m in the preceding 6 hours",
    "TD": "dauwpuntstemperatuur (in 0.1 graden Celsius) / dew point temperature (in 0.1 degrees Celsius)",
    "SQ": "duur van de zonneschijn (in 0.1 uren) / sunshine duration (in 0.1 hour)",
    "Q": "globale straling (in J/cm2) / global radiation (in J/cm2)",
    "DR": "duur van de neerslag (in 0.1 uur) / precipitation duration (in 0.1 hour)",
    "RH": "uursom van de neerslag (in 0.1 mm) (-1 voor <0.05 mm) / in 0.1 mm (-1 for <0.05 mm)",
    "P": "luchtdruk op zeeniveau (in 0.1 hPa) / air pressure at sea level (in 0.1 hPa)",
    "VV": "horizontaal zicht, code / horizontal visibility, code",
    "N": "bewolking (in achtsten, 9=onzichtbaar) / cloud cover (in octants, 9=invisible)",
    "U": "relatieve vochtigheid (in procenten) / relative humidity (in percents)",
    "WW": "weercode (00-99) / weather code (00-99)",
    "IX": "weercode indicator / indicator of the weather code",
    "M": "mist 0=niet, 1=wel / fog 0=no, 1=yes",
    "R": "regen 0=niet, 1=wel / rainfall 0=no, 1=yes",
    "S": "sneeuw 0=niet, 1=wel / snow 0=no, 1=yes",
    "O": "onweer 0=niet, 1=wel / thunder 0=no, 1=yes",
    "Y": "ijsvorming 0=niet, 1=wel / ice formation 0=no, 1=yes",
}


def write_rain(folder: Path, *, seed: int) -> Path:
    """Write ``uurgeg_999_2021-2030.txt``: ASCII, CRLF, fixed width, blank where nothing was observed."""
    path = folder / f"uurgeg_{STATION}_2021-2030.txt"
    path.write_bytes("\r\n".join([*_header(), *_lines(seed), ""]).encode("ascii"))
    return path


def hourly_rain(seed: int) -> Hours:
    """Return the rain of every hour of the year, mm: clusters with a long tail, and the cloudburst."""
    rng = np.random.default_rng([seed, STATION])
    hours = (date(YEAR + 1, 1, 1) - date(YEAR, 1, 1)).days * 24
    front = np.convolve(rng.normal(size=hours + 8), np.ones(9) / 3.0, mode="valid")
    wet = front > np.quantile(front, 1 - WET_HOURS)
    season = 1 + 0.35 * np.sin((np.arange(hours) / hours - 0.3) * 2 * np.pi)
    depth: Hours = np.where(wet, rng.gamma(0.7, 1.4, size=hours) * season, 0.0)
    depth = np.round(np.minimum(depth * YEAR_SUM / depth.sum(), 19.0), 1)
    day, hour, burst = CLOUDBURST
    first = (day - date(YEAR, 1, 1)).days * 24 + hour - 1
    depth[first - 12 : first + 15] = 0.0
    depth[first : first + len(burst)] = burst
    return depth


def _header() -> list[str]:
    top = [
        f"BRON: GEEN METING. {GENERATED}",
        "Opmerking: de vorm is die van de uurgegevens van het KNMI; station 999 bestaat niet.",
        "",
        "SOURCE: NO MEASUREMENT. Generated and fictitious weather in the form of the hourly data of KNMI.",
        "Comment: station 999 does not exist.",
        "",
    ]
    meaning = [f"{name:<10}= {text}" for name, text in MEANING.items()]
    names = ",".join([f"# {COLUMNS[0]}", COLUMNS[1], *(f"{name:>5}" for name in COLUMNS[2:])])
    return [*top, *meaning, "", names, ""]


def _lines(seed: int) -> list[str]:
    values = _weather(seed)
    hours = len(values["RH"])
    columns = [["     "] * hours if name not in values else _cells(values[name]) for name in COLUMNS[3:]]
    lines = []
    for index, cells in enumerate(zip(*columns, strict=True)):
        day = date(YEAR, 1, 1) + timedelta(days=index // 24)
        lines.append(",".join([f"{STATION:>5}", f"{day:%Y%m%d}", f"{index % 24 + 1:>5}", *cells]))
    return lines


def _cells(values: Hours) -> list[str]:
    return [" " * 5 if np.isnan(value) else f"{round(value):>5}" for value in values.tolist()]


def _weather(seed: int) -> dict[str, Hours]:
    """Return every observed column in its own unit; NaN is a blank."""
    rain = hourly_rain(seed)
    hours = len(rain)
    rng = np.random.default_rng([seed, STATION, 1])
    hour, day = np.arange(hours) % 24 + 1, np.arange(hours) / 24
    wave = _slow(rng, hours)
    warmth = (
        10.5 - 8.0 * np.cos((day - 20) / 365 * 2 * np.pi) + 3.5 * wave - 3.0 * np.cos((hour - 3) / 24 * 2 * np.pi)
    )
    sun = np.clip(-np.cos(hour / 24 * 2 * np.pi) - 0.25 * np.cos((day + 10) / 365 * 2 * np.pi), 0, None)
    clear = np.clip(0.55 + 0.5 * _slow(rng, hours) - (rain > 0), 0, 1)
    wind = np.clip(38 + 22 * _slow(rng, hours), 0, None)
    humid = np.clip(82 - 18 * sun + 10 * (rain > 0) + 5 * _slow(rng, hours), 35, 100)
    observed = {
        "DD": np.where(wind < CALM, 0, np.ceil(((210 + 90 * _slow(rng, hours)) % 360) / 10 + 1e-9) * 10),
        "FH": np.round(wind, -1),
        "FF": np.round(np.clip(wind + rng.normal(0, 6, hours), 0, None), -1),
        "FX": np.round(wind * 1.7 + 10, -1),
        "T": warmth * 10,
        "T10N": np.where(hour % 6 == 0, warmth * 10 - 18, np.nan),
        "TD": warmth * 10 - (100 - humid) * 2,
        "SQ": np.round(10 * np.where(sun > TWILIGHT, clear, 0)),
        "Q": np.round(290 * sun * (0.25 + 0.7 * clear)),
        "DR": np.where(rain > 0, np.clip(np.round(2 + rain * 3), 1, 10), 0),
        "RH": np.where(rain > 0, rain * 10, np.where(rng.random(hours) < TRACES, TRACE, 0)),
        "P": 10150 + 110 * wave,
        "VV": np.clip(65 - 15 * (rain > 0) + 6 * _slow(rng, hours), 0, 89),
        "N": np.clip(np.round(8 * (1 - clear)), 0, 8),
        "U": humid,
        "WW": np.where(rain > 0, 61, np.nan),
        "IX": np.where(rain > 0, 7, 5),
        "M": np.zeros(hours),
        "R": (rain > 0).astype(float),
        "S": np.zeros(hours),
        "O": (rain > THUNDER).astype(float),
        "Y": np.zeros(hours),
    }
    return {name: np.asarray(column, dtype=np.float64) for name, column in observed.items()}


def _slow(rng: np.random.Generator, hours: int) -> Hours:
    """Return noise of unit size that changes over a day or two."""
    knots = rng.normal(size=hours // 30 + 3)
    smooth: Hours = np.interp(np.arange(hours) / 30, np.arange(len(knots)), knots)
    return smooth
