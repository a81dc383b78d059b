"""What themes and bases are called, in the languages of the house."""

from collections.abc import Mapping

from morgen.core.noun import Text
from morgen.models.norms.norm import Basis, Theme

__all__ = ["BASIS_WORDS", "THEME_WORDS"]

THEME_WORDS: Mapping[Theme, Text] = {
    Theme.HOUSING: Text(nl="wonen", en="housing"),
    Theme.EDUCATION: Text(nl="onderwijs", en="education"),
    Theme.CHILDCARE: Text(nl="kinderopvang", en="childcare"),
    Theme.CARE: Text(nl="zorg", en="care"),
    Theme.SPORT: Text(nl="sport", en="sport"),
    Theme.CULTURE: Text(nl="cultuur", en="culture"),
    Theme.COMMUNITY: Text(nl="ontmoeting", en="community"),
    Theme.GREEN: Text(nl="groen", en="green"),
    Theme.PLAY: Text(nl="spelen", en="play"),
    Theme.WATER: Text(nl="water", en="water"),
    Theme.PARKING: Text(nl="parkeren", en="parking"),
    Theme.SHOPS: Text(nl="winkels", en="shops"),
}
BASIS_WORDS: Mapping[Basis, Text] = {
    Basis.DWELLING: Text(nl="woningen", en="dwellings"),
    Basis.INHABITANT: Text(nl="inwoners", en="inhabitants"),
    Basis.CHILD_0_3: Text(nl="kinderen van 0 tot en met 3", en="children of 0 to 3"),
    Basis.CHILD_4_11: Text(nl="kinderen van 4 tot en met 11", en="children of 4 to 11"),
    Basis.YOUTH_12_17: Text(nl="jongeren van 12 tot en met 17", en="youths of 12 to 17"),
    Basis.CHILD_0_18: Text(nl="kinderen van 0 tot en met 18", en="children of 0 to 18"),
    Basis.ELDERLY_65: Text(nl="mensen van 65 en ouder", en="people of 65 and over"),
    Basis.ELDERLY_75: Text(nl="mensen van 75 en ouder", en="people of 75 and over"),
    Basis.SITE_AREA: Text(nl="m2 grond", en="m2 of ground"),
    Basis.PAVED_AREA: Text(nl="m2 dak en verharding op kavels", en="m2 of roofs and paving on plots"),
    Basis.WIJK: Text(nl="wijk", en="wijk"),
}
"""What is counted, in the plural."""
