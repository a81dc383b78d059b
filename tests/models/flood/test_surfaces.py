"""The surface table: every word of the BGT leads to a class, every number has a source."""

import pytest
from tests.models.flood.scenes import frame_of

from morgen.core.errors import ParameterError
from morgen.models.flood.surfaces import SurfaceTable, default_surfaces

ROAD_WORDS = ["open verharding", "gesloten verharding", "half verhard", "onverhard", "transitie"]
WORDS = {
    "wegdeel": ROAD_WORDS,
    "onbegroeidterreindeel": [*ROAD_WORDS, "erf", "zand"],
    "ondersteunendwegdeel": [*ROAD_WORDS, "groenvoorziening"],
    "begroeidterreindeel": [
        *("groenvoorziening", "naaldbos", "gemengd bos", "loofbos", "grasland agrarisch", "grasland overig"),
        *("bouwland", "houtwal", "heide", "transitie", "struiken", "rietland"),
    ],
    "waterdeel": ["waterloop", "watervlakte", "greppel, droge sloot", "zee"],
    "ondersteunendwaterdeel": ["oever, slootkant"],
}
"""The values of fysiek voorkomen and class that are in use in Dutch files."""


def classes_of(*rows: dict[str, str]) -> tuple[list[str], list[str]]:
    table = default_surfaces()
    codes, sentences = table.classify(frame_of(rows))
    return [list(table.classes)[code] for code in codes], sentences


def test_every_word_in_use_is_known():
    """No value of the BGT falls to a default, so none gives a warning."""
    rows = [{"theme": theme, "surface": word} for theme, words in WORDS.items() for word in words]
    rows += [{"theme": theme} for theme in ("pand", "overigbouwwerk", "kunstwerkdeel", "scheiding")]
    classes, sentences = classes_of(*rows)
    assert sentences == []
    assert "unknown" not in classes


@pytest.mark.parametrize(
    ("theme", "surface", "expected"),
    [
        ("wegdeel", "open verharding", "open-pavement"),
        ("wegdeel", "gesloten verharding", "closed-pavement"),
        ("onbegroeidterreindeel", "erf", "yard"),
        ("begroeidterreindeel", "grasland overig", "green-low"),
        ("begroeidterreindeel", "loofbos", "green-high"),
        ("waterdeel", "waterloop", "water"),
        ("waterdeel", "greppel, droge sloot", "green-low"),
        ("pand", "", "building"),
        ("ongeclassificeerdobject", "", "unknown"),
    ],
)
def test_a_word_leads_to_its_class(theme, surface, expected):
    """The word decides within its theme; a dry trench is no permanent water."""
    assert classes_of({"theme": theme, "surface": surface}) == ([expected], [])


def test_the_kind_of_water_may_stand_under_function():
    """Water has a class instead of a surface; readers put it under function."""
    assert classes_of({"theme": "waterdeel", "function": "greppel, droge sloot"}) == (["green-low"], [])


def test_a_plus_word_refines():
    """Green of shrubs is rougher than green of grass; an unknown plus word changes nothing."""
    classes, sentences = classes_of(
        {"theme": "begroeidterreindeel", "surface": "groenvoorziening", "plus_surface": "heesters"},
        {"theme": "begroeidterreindeel", "surface": "groenvoorziening", "plus_surface": "iets nieuws"},
    )
    assert classes == ["green-high", "green-low"]
    assert sentences == []


def test_no_word_is_no_news():
    """An object without a surface takes the default of its theme in silence; that is normal in the BGT."""
    rows = [{"theme": "wegdeel", "surface": word} for word in ("", "waardeOnbekend", "geenWaarde")]
    assert classes_of(*rows) == (["closed-pavement"] * 3, [])


def test_an_unknown_word_is_named_once_with_its_count():
    """The user reads which word, in which theme, how often and what it was taken for."""
    rows = [{"theme": "wegdeel", "surface": "glasplaten"}] * 3
    classes, sentences = classes_of(*rows, {"theme": "maandeel", "surface": "stof"})
    assert classes == ["closed-pavement"] * 3 + ["unknown"]
    start, end = "The surface table does not know ", ", add the word to the table."
    assert sentences == [
        f"{start}the theme 'maandeel' (1 object); taken as 'unknown'{end}",
        f"{start}wegdeel with the surface 'glasplaten' (3 objects); taken as 'closed-pavement'{end}",
    ]


def test_a_table_comes_back_from_json_as_it_went():
    """A table is part of a run's manifest, so it survives JSON with the same hash."""
    table = default_surfaces()
    assert SurfaceTable.from_json(table.to_json()) == table
    assert SurfaceTable.from_json(table.to_json()).content_hash == table.content_hash


def test_hard_surfaces_are_smoother_and_tighter_than_green():
    """The order of the classes is that of the literature, whatever the numbers."""
    classes = default_surfaces().classes
    order = ["closed-pavement", "open-pavement", "half-paved", "green-low", "green-high"]
    for quantity in ("manning", "infiltration", "initial_loss"):
        numbers = [getattr(classes[name], quantity).value for name in order]
        assert numbers == sorted(numbers), quantity
    assert all(classes[name].sewered.value == 0 for name in ("water", "green-low", "unpaved", "unknown"))


CLOSED = 'manning = { value = 0.016, source = "Chow 1959: rough asphalt 0.016" }'


def with_closed_pavement(line: str) -> str:
    from importlib.resources import files

    text = (files("morgen.models.flood") / "surfaces.toml").read_text(encoding="utf-8")
    assert CLOSED in text
    return text.replace(CLOSED, line, 1)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'manning = { value = -0.1, source = "x" }',
            r"closed-pavement\.manning\.value is -0\.1, but .* greater than 0",
        ),
        ('manning = { value = nan, source = "x" }', r"closed-pavement\.manning\.value is nan, but "),
        ('manning = { value = 0.02, source = "" }', r"closed-pavement\.manning\.source is '', but "),
        ('manning = { value = "rough", source = "x" }', r"closed-pavement\.manning\.value is 'rough', but "),
        ("", r"closed-pavement\.manning: field required"),
        ("manning = ", r"is not TOML: "),
    ],
)
def test_a_bad_number_is_named_with_its_place(line, sentence):
    """Who edits the table reads which class and which number is wrong."""
    with pytest.raises(ParameterError, match=sentence):
        SurfaceTable.from_toml(with_closed_pavement(line))


def test_a_class_that_is_not_in_the_table_is_refused():
    """A theme may only lead to a class that is there, and the classes that the model speaks of must be there."""
    text = with_closed_pavement(CLOSED)
    with pytest.raises(
        ParameterError, match="theme 'wegdeel' names the class 'asphalt', but the classes are closed-"
    ):
        SurfaceTable.from_toml(text.replace('default = "closed-pavement"', 'default = "asphalt"', 1))
    with pytest.raises(ParameterError, match="the class 'water' is missing"):
        SurfaceTable.from_toml(text.replace("[classes.water]", "[classes.wet]"))


def test_a_table_is_read_from_a_file(tmp_path):
    """The user's own copy is read from disk; a file that is not there is one sentence."""
    path = tmp_path / "own.toml"
    path.write_text(with_closed_pavement('manning = { value = 0.02, source = "own" }'), encoding="utf-8")
    assert SurfaceTable.from_file(path).classes["closed-pavement"].manning.value == 0.02
    with pytest.raises(ParameterError, match=r"missing\.toml cannot be read"):
        SurfaceTable.from_file(tmp_path / "missing.toml")
