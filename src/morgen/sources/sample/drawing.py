"""The drawing of the wijk: water, dike, streets, and what each block is for, on a sheet of 1000 x 1000 m.

Drawn as a Dutch wijk grew: a lane from the river dike over a canal, a village church on its mound, closed blocks
of the 1930s along the quay, slabs in green of the 1960s, home zones of the 1970s, rows of the 1990s to the
north, and an industry along the water that has had its time. Coordinates are metres from the south-west corner
of the sheet. Everything that reaches the edge of the sheet does so at a right angle, so that a mirrored sheet
continues it.
"""

from dataclasses import dataclass

from morgen.sources.sample.street import Strip

__all__ = [
    "BLOCKS",
    "CANAL",
    "CANAL_WIDTH",
    "DIKE",
    "DISTRICTS",
    "DITCHES",
    "ROUNDABOUTS",
    "SHEET",
    "STREETS",
    "Drawn",
    "DrawnDistrict",
    "Hint",
]

SHEET = 1000.0
"""Length of a side, m."""

Path = tuple[tuple[float, float], ...]

PARKING = Strip("parking", 2.0)
FOOTPATH = Strip("footpath", 1.8)
VERGE = Strip("verge", 2.4)
CYCLE = Strip("cycle path", 2.0)
BOTH = (PARKING, FOOTPATH)
MAIN = (VERGE, CYCLE, FOOTPATH)
QUAY = (Strip("verge", 2.6), Strip("footpath", 2.0), Strip("wall", 0.5))
CREST = (Strip("verge", 1.2), Strip("slope", 8.0))


@dataclass(frozen=True)
class Drawn:
    """A street as it is drawn; ``beside`` names the line that it is parallel to, at ``distance`` m to its left."""

    name: str
    kind: str
    path: Path = ()
    carriageway: float = 5.0
    left: tuple[Strip, ...] = BOTH
    right: tuple[Strip, ...] = (FOOTPATH,)
    material: str = "betonstraatstenen"
    year: int = 1970
    beside: str = ""
    distance: float = 0.0
    between: tuple[float, float] = (-60.0, 1060.0)
    """Where along x a parallel starts and ends, m."""
    crosses: bool = False


CANAL: Path = ((-60, 548), (60, 548), (130, 552), (260, 540), (400, 508), (540, 492), (680, 506), (820, 498))
CANAL += ((950, 474), (1060, 474))
CANAL_WIDTH = 11.0
DIKE: Path = ((-60, 40), (60, 40), (240, 46), (420, 36), (600, 42), (800, 34), (940, 40), (1060, 40))

DITCHES: tuple[tuple[str, Path, float], ...] = (
    (
        "Noordersloot",
        (
            (986, 786),
            (987, 900),
            (986, 986),
            (800, 987),
            (655, 988),
            (480, 987),
            (335, 988),
            (120, 987),
            (12, 985),
            (11, 900),
            (12, 800),
            (12, 754),
            (11, 660),
            (12, 552),
        ),
        4.0,
    ),
    ("Oostersingel", ((986, 760), (985, 620), (986, 476)), 5.0),
    ("Oostersloot", ((988, 70), (989, 150), (988, 262), (989, 360), (988, 472)), 4.0),
    ("Westersloot", ((12, 70), (12, 180), (11, 300), (12, 480), (12, 546)), 4.0),
    (
        "Dijksloot",
        (
            (-60, 70),
            (60, 70),
            (160, 74),
            (228, 75),
            (330, 69),
            (420, 65),
            (540, 70),
            (655, 72),
            (760, 65),
            (840, 64),
            (940, 70),
            (1060, 70),
        ),
        3.4,
    ),
    ("Uiterdijkse sloot", ((-60, 8), (200, 8), (420, 7), (620, 8), (800, 7), (1060, 8)), 3.0),
)
"""Name, axis in the direction of flow, and width at the water line, m."""

ROUNDABOUTS = (("Hoofdweg", "Ringlaan"), ("Hoofdweg", "Zuidlaan"))
"""Roads that meet in a roundabout."""


def _home_zone(name: str, path: Path, year: int = 1976) -> Drawn:
    return Drawn(name, "home zone", path, 5.2, (Strip("parking", 2.2),), (), "betonstraatstenen", year)


STREETS: tuple[Drawn, ...] = (
    # the roads that carry the wijk
    Drawn("Hoofdweg", "through road", ((655, -60), (655, 60), (643, 150), (643, 236), (650, 340), (666, 500),
          (652, 640), (641, 771), (648, 900), (650, 940), (650, 1060)), 6.4, MAIN, MAIN, "asfalt", 1962,
          crosses=True),
    Drawn("Ringlaan", "distributor", ((-60, 776), (60, 776), (200, 789), (330, 780), (520, 761), (641, 771),
          (780, 786), (900, 772), (960, 772), (1060, 772)), 6.0, MAIN, (VERGE, FOOTPATH), "asfalt", 1968),
    Drawn("Zuidlaan", "distributor", ((-60, 250), (60, 250), (150, 258), (246, 262), (340, 254), (480, 240),
          (643, 236), (760, 246), (880, 242), (960, 242), (1060, 242)), 6.0, MAIN, (VERGE, FOOTPATH),
          "asfalt", 1964),
    Drawn("Dijkweg", "dike", DIKE, 4.5, CREST, CREST, "asfalt", 1890),
    Drawn("Dorpsstraat", "lane", ((228, 44), (239, 110), (226, 190), (246, 262), (242, 350), (262, 430),
          (278, 535),
          (296, 620), (309, 700), (330, 780), (340, 880), (335, 940), (335, 1060)), 4.8,
          (Strip("footpath", 1.6),), (Strip("footpath", 1.9),), "gebakken klinkers", 1870, crosses=True),
    Drawn("Brugstraat", "residential", ((470, 345), (472, 420), (470, 500), (476, 600), (484, 700), (490, 764)),
          5.4, BOTH, (FOOTPATH,), "gebakken klinkers", 1931, crosses=True),
    # the canal
    Drawn("Noordkade", "quay", (), 5.0, BOTH, QUAY, "gebakken klinkers", 1928, "canal", 13.1),
    Drawn("Zuidkade", "quay", (), 5.0, QUAY, (PARKING, FOOTPATH), "gebakken klinkers", 1935, "canal", -13.1),
    # closed blocks of the 1930s
    Drawn("Lage Weide", "residential", (), 5.0, BOTH, (FOOTPATH,), year=1929, beside="canal", distance=78,
          between=(296, 655)),
    Drawn("Hoge Weide", "residential", (), 5.0, BOTH, (FOOTPATH,), year=1933, beside="canal", distance=141,
          between=(304, 650)),
    Drawn("Koninginnestraat", "residential", (), 5.0, (FOOTPATH,), BOTH, year=1936, beside="canal", distance=204,
          between=(388, 655)),
    Drawn("Prinsenstraat", "residential", ((384, 526), (390, 600), (396, 700), (402, 774)), 5.0,
          (FOOTPATH,), BOTH, year=1930),
    Drawn("Wilhelminastraat", "residential", ((560, 508), (562, 600), (566, 700), (566, 764)), 5.0, BOTH,
          (FOOTPATH,),
          year=1934),
    # slabs in green
    Drawn("Flatlaan", "residential", ((656, 636), (780, 642), (880, 634), (972, 630)), 6.0, (VERGE, *BOTH),
          (*BOTH,), "asfalt", 1963),
    Drawn("Goudenregenstraat", "residential", ((780, 516), (776, 640), (782, 786)), 5.2, BOTH, (VERGE, FOOTPATH),
          year=1963),
    Drawn("Seringenstraat", "residential", ((884, 508), (880, 634), (890, 772)), 5.2, BOTH, (VERGE, FOOTPATH),
          year=1964),
    Drawn("Singelpad", "path", ((970, 496), (970, 630), (970, 770)), 2.4, (), (), "asfalt", 1964),
    # home zones
    Drawn("Merelveld", "home zone", ((30, 566), (36, 640), (60, 668), (130, 662), (210, 672), (304, 660)), 5.4,
          (FOOTPATH,), (Strip("parking", 2.2),), year=1975),
    _home_zone("Merelhof", ((84, 668), (78, 700), (88, 738))),
    _home_zone("Spreeuwenhof", ((143, 662), (150, 700), (140, 742))),
    _home_zone("Lijsterhof", ((203, 671), (196, 705), (206, 745))),
    _home_zone("Roodborsthof", ((258, 668), (262, 705), (254, 738))),
    _home_zone("Vinkenhof", ((110, 664), (104, 630), (112, 606))),
    _home_zone("Mezenhof", ((172, 667), (178, 635), (170, 600))),
    _home_zone("Winterkoninghof", ((232, 668), (226, 632), (234, 598))),
    Drawn("Reigerveld", "home zone", ((66, 776), (62, 850), (80, 905), (140, 926), (215, 918), (262, 890),
          (268, 785)),
          5.4, (FOOTPATH,), (Strip("parking", 2.2),), year=1978),
    _home_zone("Kievithof", ((64, 850), (40, 860), (30, 880)), 1978),
    _home_zone("Grutthof", ((88, 910), (70, 940), (52, 952)), 1978),
    _home_zone("Tureluurhof", ((140, 926), (134, 950), (140, 968)), 1979),
    _home_zone("Scholekstershof", ((205, 920), (212, 945), (204, 968)), 1979),
    _home_zone("Wulphof", ((262, 890), (286, 915), (290, 958)), 1979),
    _home_zone("Zwaluwhof", ((165, 926), (168, 890), (158, 850)), 1979),
    _home_zone("Leeuwerikhof", ((62, 840), (92, 838), (116, 848)), 1978),
    # rows of the 1990s and later
    Drawn("Vlinderlaan", "residential", ((339, 858), (440, 846), (545, 842), (644, 852), (740, 858), (840, 850),
          (968, 850)), 5.4, BOTH, BOTH, year=1996),
    Drawn("Koolwitje", "residential", ((339, 918), (440, 908), (545, 905), (648, 915), (740, 920), (840, 912),
          (968, 912)), 5.0, BOTH, BOTH, year=1999),
    Drawn("Atalanta", "residential", ((335, 973), (440, 967), (545, 966), (650, 972), (740, 974), (840, 970),
          (968, 972)), 5.0, BOTH, (FOOTPATH,), year=2003),
    Drawn("Citroenvlinder", "residential", ((440, 769), (444, 846), (440, 908), (444, 967)), 5.0,
          (FOOTPATH,), BOTH,
          year=1997),
    Drawn("Dagpauwoog", "residential", ((548, 762), (545, 842), (549, 905), (545, 966)), 5.0, BOTH, (FOOTPATH,),
          year=1998),
    Drawn("Zandoogje", "residential", ((744, 782), (740, 858), (745, 920), (740, 974)), 5.0, BOTH, (FOOTPATH,),
          year=2001),
    Drawn("Kleine Vos", "residential", ((842, 779), (846, 850), (842, 912), (846, 970)), 5.0, (FOOTPATH,), BOTH,
          year=2002),
    Drawn("Oostrand", "residential", ((966, 772), (968, 850), (966, 912), (968, 974)), 4.6, (FOOTPATH,), BOTH,
          year=2004),
    # the south: rows of the 1950s and 1960s, shops, school
    Drawn("Middenweg", "residential", ((244, 350), (370, 352), (470, 345), (560, 338), (650, 342)), 5.6,
          BOTH, BOTH,
          year=1955),
    Drawn("Marktstraat", "residential", ((376, 251), (380, 300), (378, 352)), 5.4, BOTH, BOTH, year=1958),
    Drawn("Schoolstraat", "residential", ((378, 352), (376, 420), (372, 499)), 5.0, (FOOTPATH,), BOTH, year=1954),
    Drawn("Poststraat", "residential", ((508, 239), (512, 290), (508, 342)), 5.2, BOTH, (FOOTPATH,), year=1958),
    Drawn("Werkstraat", "residential", ((560, 338), (566, 420), (562, 480)), 5.0, BOTH, (FOOTPATH,), year=1952),
    Drawn("Zuidrand", "residential", ((236, 92), (330, 90), (440, 86), (540, 90), (648, 94)), 5.0, BOTH,
          (FOOTPATH,), year=1953),
    Drawn("Wilgenstraat", "residential", ((234, 166), (330, 164), (440, 158), (540, 160), (643, 164)), 5.0, BOTH,
          (FOOTPATH,), year=1955),
    Drawn("Populierstraat", "residential", ((340, 90), (346, 164), (340, 254)), 5.0, (FOOTPATH,), BOTH, year=1955),
    Drawn("Elzenstraat", "residential", ((442, 86), (440, 158), (446, 244)), 5.0, BOTH, (FOOTPATH,), year=1956),
    Drawn("Berkenstraat", "residential", ((545, 90), (540, 160), (546, 238)), 5.0, BOTH, (FOOTPATH,), year=1956),
    Drawn("Westerlaan", "residential", ((34, 96), (32, 170), (36, 251)), 5.0, (FOOTPATH,), BOTH, year=1966),
    Drawn("Molenweide", "residential", ((34, 96), (130, 100), (238, 104)), 5.0, BOTH, (FOOTPATH,), year=1965),
    Drawn("Korenweide", "residential", ((33, 170), (130, 172), (230, 176)), 5.0, BOTH, (FOOTPATH,), year=1967),
    Drawn("Parkweg", "residential", ((34, 250), (36, 290), (90, 304), (160, 300), (244, 306)), 5.2,
          (FOOTPATH,), BOTH,
          year=1967),
    # work and sport in the east
    Drawn("Nijverheidsweg", "residential", ((806, 245), (812, 350), (808, 482)), 6.5, BOTH, (FOOTPATH,), "asfalt",
          1961),
    Drawn("Werfstraat", "residential", ((652, 358), (740, 362), (812, 354), (900, 362), (972, 360)), 6.5,
          (FOOTPATH,), BOTH, "asfalt", 1961),
    Drawn("Werfpad", "path", ((973, 244), (973, 360), (972, 472)), 2.4, (), (), "tegels", 1975),
    Drawn("Sportlaan", "residential", ((646, 120), (720, 128), (782, 124), (788, 180), (784, 246)), 5.5,
          BOTH, (FOOTPATH,), "asfalt", 1972),
)  # fmt: skip


@dataclass(frozen=True)
class Hint:
    """What the block around a point is for, and about when it was built."""

    at: tuple[float, float]
    use: str
    year: int


BLOCKS: tuple[Hint, ...] = (
    Hint((320, 405), "church", 1890),
    Hint((420, 430), "school", 1953),
    Hint((440, 300), "shops", 1974),
    Hint((310, 305), "care", 1988),
    Hint((125, 400), "park", 1967),
    Hint((720, 700), "open slabs", 1961),
    Hint((830, 700), "open slabs", 1963),
    Hint((930, 700), "towers", 1969),
    Hint((720, 570), "gallery flat", 1967),
    Hint((830, 570), "open slabs", 1962),
    Hint((930, 570), "gallery flat", 1968),
    Hint((390, 885), "school", 1998),
    Hint((720, 420), "industry", 1958),
    Hint((890, 420), "industry", 1964),
    Hint((730, 300), "industry", 1962),
    Hint((890, 300), "apartments", 2016),
    Hint((715, 190), "towers", 2008),
    Hint((882, 152), "sports", 1973),
    Hint((130, 135), "pairs", 1972),
    Hint((290, 125), "pairs", 1958),
    Hint((905, 940), "pairs", 2005),
    Hint((905, 880), "pairs", 2003),
    Hint((905, 815), "pairs", 2001),
    Hint((597, 878), "green", 1998),
    Hint((490, 125), "green", 1956),
    Hint((520, 420), "closed block", 1935),
    Hint((610, 420), "closed block", 1938),
)


@dataclass(frozen=True)
class DrawnDistrict:
    """A buurt of the sheet: the faces between the main lines that hold one of ``at``."""

    name: str
    at: tuple[tuple[float, float], ...]
    use: str
    """What its blocks are for, unless a hint says otherwise."""
    year: int


DISTRICTS: tuple[DrawnDistrict, ...] = (
    DrawnDistrict("Oranjebuurt", ((470, 640),), "closed block", 1930),
    DrawnDistrict("Marktbuurt", ((450, 200), (450, 400)), "rows", 1955),
    DrawnDistrict("Weidebuurt", ((120, 200), (120, 400)), "rows", 1966),
    DrawnDistrict("Vogelbuurt Zuid", ((150, 660),), "home zone", 1976),
    DrawnDistrict("Vogelbuurt Noord", ((150, 890),), "home zone", 1978),
    DrawnDistrict("Vlinderbuurt West", ((490, 880),), "rows", 1998),
    DrawnDistrict("Vlinderbuurt Oost", ((800, 880),), "rows", 2002),
    DrawnDistrict("Bloemenbuurt", ((800, 640),), "open slabs", 1963),
    DrawnDistrict("De Werf", ((800, 400),), "industry", 1962),
    DrawnDistrict("Sportpark", ((800, 150),), "green", 1973),
    DrawnDistrict("Uiterwaard", ((150, 15), (450, 15), (830, 15)), "meadow", 1890),
)
