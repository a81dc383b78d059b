"""One word for each kind of facility, that of the norms, however a file says it."""

__all__ = ["kind_of"]

ALIASES: dict[str, str] = {
    "apotheek": "pharmacy",
    "basisschool": "primary-school",
    "bibliotheek": "library",
    "bso": "out-of-school-care",
    "buitenschoolse-opvang": "out-of-school-care",
    "buurthuis": "buurtcentrum",
    "community-centre": "buurtcentrum",
    "gezondheidscentrum": "health-centre",
    "gymzaal": "gym-room",
    "gp": "general-practice",
    "huisarts": "general-practice",
    "huisartsenpraktijk": "general-practice",
    "kerk": "church",
    "kinderdagverblijf": "childcare",
    "kinderopvang": "childcare",
    "middelbare-school": "secondary-school",
    "playground": "play-area",
    "school": "primary-school",
    "speelplaats": "play-area",
    "speeltuin": "managed-playground",
    "sporthal": "sports-hall",
    "sportveld": "sports-field",
    "sportvereniging": "sports-club",
    "supermarkt": "supermarket",
    "voortgezet-onderwijs": "secondary-school",
    "winkel": "shop",
    "zwembad": "swimming-pool",
}
"""Dutch and other words to the facility of the norms (``docs/norms.md``); what is not here stays as it is."""


def kind_of(word: str) -> str:
    """Return the kind of facility: lower case, hyphens for blanks, the word of the norms where there is one."""
    plain = "-".join(word.lower().replace("_", " ").replace("-", " ").split())
    return ALIASES.get(plain, plain)
