"""The covers of the ground in the BGT's own words, with the rule of the relief that shapes them."""

from morgen.sources.sample.cover import Cover

__all__ = [
    "ALLEY",
    "ASPHALT_YARD",
    "BANK",
    "BAY",
    "BEDS",
    "CAR_LANE",
    "CYCLE_PATH",
    "DIKE_SLOPE",
    "DITCH",
    "DRIVE",
    "FIELD",
    "FOOTPATH",
    "GARDEN",
    "GRASS",
    "HARD_COURT",
    "ISLAND",
    "LAWN",
    "MEADOW",
    "PAND",
    "PARKING",
    "PARK_PATH",
    "PIT",
    "PLAYGROUND",
    "POND",
    "SCHOOL_YARD",
    "SHRUBS",
    "SQUARE",
    "TOWPATH",
    "VERGE",
    "WALL",
    "WATER",
    "WOOD",
]

GRASSES, SHRUB = "gras- en kruidachtigen", "heesters"

PAND = Cover("pand", relief="garden")
WATER = Cover("waterdeel", "waterloop", plus="gracht", relief="water")
DITCH = Cover("waterdeel", "waterloop", plus="sloot", relief="water")
POND = Cover("waterdeel", "watervlakte", plus="meer, plas, ven, vijver", relief="water")
BANK = Cover("ondersteunendwaterdeel", "oever, slootkant", relief="bank")
WALL = Cover("scheiding", "kademuur", relief="quay")

PARKING = Cover("wegdeel", "parkeervlak", "open verharding", "betonstraatstenen", relief="carriageway")
FOOTPATH = Cover("wegdeel", "voetpad", "open verharding", "tegels", relief="footpath")
TOWPATH = Cover("wegdeel", "voetpad", "half verhard", "schelpen", relief="footpath")
CYCLE_PATH = Cover("wegdeel", "fietspad", "gesloten verharding", "asfalt", relief="footpath")
ALLEY = Cover("wegdeel", "voetpad", "open verharding", "tegels", relief="alley")
DRIVE = Cover("wegdeel", "inrit", "open verharding", "betonstraatstenen", relief="alley")
CAR_LANE = Cover("wegdeel", "rijbaan lokale weg", "open verharding", "betonstraatstenen", relief="court")
BAY = Cover("wegdeel", "parkeervlak", "open verharding", "betonstraatstenen", relief="court")
SQUARE = Cover("wegdeel", "voetgangersgebied", "open verharding", "gebakken klinkers", relief="floor")
PARK_PATH = Cover("wegdeel", "voetpad", "half verhard", "grind", relief="park")

VERGE = Cover("ondersteunendwegdeel", "berm", "groenvoorziening", GRASSES, relief="verge")
ISLAND = Cover("ondersteunendwegdeel", "verkeerseiland", "groenvoorziening", GRASSES, relief="verge")
DIKE_SLOPE = Cover("ondersteunendwegdeel", "berm", "groenvoorziening", GRASSES, relief="slope")

PIT = Cover("begroeidterreindeel", surface="groenvoorziening", plus="bodembedekkers", relief="verge")
BEDS = Cover("begroeidterreindeel", surface="groenvoorziening", plus=SHRUB, relief="verge")
LAWN = Cover("begroeidterreindeel", surface="groenvoorziening", plus=GRASSES, relief="lawn")
GRASS = Cover("begroeidterreindeel", surface="groenvoorziening", plus=GRASSES, relief="park")
SHRUBS = Cover("begroeidterreindeel", surface="groenvoorziening", plus=SHRUB, relief="park")
WOOD = Cover("begroeidterreindeel", surface="groenvoorziening", plus="bosplantsoen", relief="park")
MEADOW = Cover("begroeidterreindeel", surface="grasland agrarisch", relief="meadow")
FIELD = Cover("begroeidterreindeel", surface="grasland overig", plus=GRASSES, relief="field")

GARDEN = Cover("onbegroeidterreindeel", surface="erf", relief="garden")
SCHOOL_YARD = Cover("onbegroeidterreindeel", surface="open verharding", plus="tegels", relief="floor")
HARD_COURT = Cover("onbegroeidterreindeel", surface="gesloten verharding", plus="asfalt", relief="field")
ASPHALT_YARD = Cover("onbegroeidterreindeel", surface="gesloten verharding", plus="cementbeton", relief="floor")
PLAYGROUND = Cover("onbegroeidterreindeel", surface="zand", relief="park")
