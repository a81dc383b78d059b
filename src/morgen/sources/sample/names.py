"""Names of streets, waters and districts: those of the first sheet are drawn, others are made from them."""

__all__ = ["street_name"]

DIRECTIONS = (
    *("", "Noord", "Nieuw", "Groot", "Klein", "Hoog", "Laag", "Achter", "Voor", "Over", "Buiten", "Binnen", "Oud"),
    *("Zuid", "West", "Oost", "Midden", "Vooren", "Boven", "Beneden", "Kort", "Lang", "Nieuwland", "Veld", "Meer"),
)
"""What a street of another sheet is called before its name: 'Noord-Brugstraat'."""


def street_name(name: str, sheet: int) -> str:
    """Return the name on sheet ``sheet`` (from 0) of what the drawing calls ``name``; no two sheets share one."""
    before = DIRECTIONS[sheet]
    return f"{before}-{name}" if before else name
