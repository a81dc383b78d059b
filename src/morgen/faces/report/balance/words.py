"""The texts of the report of a balance, in the two languages of the house; both have the same keys."""

from collections.abc import Mapping

from morgen.models.balance import Certainty, Light

__all__ = ["CERTAINTY_WORDS", "LIGHT_WORDS", "STATE_WORDS", "SUPPLY_WORDS", "UNIT_WORDS", "WORDS"]

LIGHT_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        Light.GREEN: "genoeg",
        Light.AMBER: "krap",
        Light.RED: "te weinig",
        Light.UNKNOWN: "onbekend",
    },
    "en": {
        Light.GREEN: "enough",
        Light.AMBER: "tight",
        Light.RED: "too little",
        Light.UNKNOWN: "unknown",
    },
}
CERTAINTY_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        Certainty.COUNTED: "geteld",
        Certainty.ESTIMATED: "geschat",
        Certainty.AT_LEAST: "ten minste",
        Certainty.STATED: "opgegeven",
    },
    "en": {
        Certainty.COUNTED: "counted",
        Certainty.ESTIMATED: "estimated",
        Certainty.AT_LEAST: "at least",
        Certainty.STATED: "stated",
    },
}
STATE_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "source": "uit de bron",
        "secondary": "tweede hand",
        "indicative": "indicatief",
    },
    "en": {
        "source": "from the source",
        "secondary": "second hand",
        "indicative": "indicative",
    },
}
UNIT_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {"m2": "m²", "m3": "m³", "count": "stuks"},
    "en": {"m2": "m²", "m3": "m³", "count": "units"},
}
SUPPLY_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "public-green": "openbaar groen",
        "green-share": "groen in de wijk",
        "car-parking": "parkeerplaatsen",
        "open-water": "open water",
        "play-area": "speelruimte",
        "water-storage": "waterberging",
    },
    "en": {},
}
"""What is found in the ground, for sets without a norm that names it."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Balans",
        "lead": "Wat de wijk volgens de normen nodig heeft, wat er is, en wat tekortkomt.",
        "read_1": "De balans kijkt naar elke norm apart. Of alles samen past, zegt zij niet.",
        "read_2": "Onbekend is niet nul: geen gekoppelde bron vertelt het.",
        "read_3": "Wat in de buurt ligt, telt niet mee: hoeveel daarvan vrij is, is niet bekend.",
        "side_by_side": "Naast elkaar",
        "under": "Volgens",
        "in_year": "in",
        "theme": "Thema",
        "facility": "Voorziening",
        "need": "Nodig",
        "band": "Van - tot",
        "units": "Eenheden",
        "room": "Vloer / grond, m²",
        "have": "Er is",
        "shared": "Gedeeld",
        "nearby": "In de buurt",
        "gap": "Over, tekort",
        "light": "Oordeel",
        "state": "Norm",
        "source": "Bron van de norm",
        "have_source": "Bron van wat er is",
        "no_norm": "geen norm",
        "unknown": "onbekend",
        "too_few": "te weinig om te tonen",
        "impossible": "Kan hier niet",
        "density": "Dichtheid",
        "of_plan": "plan",
        "of_wijk": "wijk met plan",
        "of_wijk_now": "wijk",
        "per_hectare": "Woningen per hectare",
        "made_of": "Gemaakt van",
        "density_note": (
            "FSI: vloer per m² grond. GSI: bebouwde grond. OSR: open grond per m² vloer. L: lagen."
            " MXI: deel wonen."
        ),
        "stock": "Wat er staat",
        "buildings": "gebouwen",
        "dwellings": "woningen",
        "floor_area": "m² vloer",
        "footprint": "m² bebouwd",
        "buildings_unknown": "gebouwen waarvan het aantal woningen onbekend is",
        "courses": "Bewoners van het programma door de jaren",
        "age_group": "Groep",
        "peak_year": "Piekjaar",
        "peak": "Mensen dan",
        "structural": "Structureel",
        "structural_note": "Structureel is het gemiddelde van de laatste tien jaren.",
        "picture": "Verloop per jaar van de groepen kinderen en ouderen",
        "year": "Jaar",
        "people": "Mensen",
        "without_norm": "Er is ook, zonder norm in deze set",
        "left_out": "Zonder verhoudingsgetal in deze set",
        "notes": "Aannamen",
        "people_note": (
            "Aantallen onder 10 mensen staan nergens in dit rapport, ook niet als verschil tussen andere getallen."
        ),
    },
    "en": {
        "title": "Balance",
        "lead": "What the wijk needs by the norms, what is there, and what is short.",
        "read_1": "A balance looks at each norm alone. Whether all of them fit together it does not say.",
        "read_2": "Unknown is not zero: no linked source tells it.",
        "read_3": "What lies nearby does not count: how much of it is free is not known.",
        "side_by_side": "Side by side",
        "under": "Under",
        "in_year": "in",
        "theme": "Theme",
        "facility": "Facility",
        "need": "Need",
        "band": "From - to",
        "units": "Units",
        "room": "Floor / ground, m²",
        "have": "There is",
        "shared": "Shared",
        "nearby": "Nearby",
        "gap": "Over, short",
        "light": "Verdict",
        "state": "Norm",
        "source": "Source of the norm",
        "have_source": "Source of what is there",
        "no_norm": "no norm",
        "unknown": "unknown",
        "too_few": "too few to show",
        "impossible": "Cannot be met here",
        "density": "Density",
        "of_plan": "plan",
        "of_wijk": "wijk with plan",
        "of_wijk_now": "wijk",
        "per_hectare": "Dwellings per hectare",
        "made_of": "Made of",
        "density_note": (
            "FSI: floor by ground. GSI: built ground. OSR: open ground for each m² of floor. L: storeys."
            " MXI: share of housing."
        ),
        "stock": "What stands there",
        "buildings": "buildings",
        "dwellings": "dwellings",
        "floor_area": "m² of floor",
        "footprint": "m² built on",
        "buildings_unknown": "buildings of which the number of dwellings is unknown",
        "courses": "Residents of the programme over the years",
        "age_group": "Group",
        "peak_year": "Peak year",
        "peak": "People then",
        "structural": "Structural",
        "structural_note": "Structural is the mean of the last ten years.",
        "picture": "Course by year of the groups of children and of the elderly",
        "year": "Year",
        "people": "People",
        "without_norm": "There is also, without a norm in this set",
        "left_out": "Without a ratio in this set",
        "notes": "Assumptions",
        "people_note": (
            "Numbers under 10 people stand nowhere in this report, nor as a difference between other numbers."
        ),
    },
}
