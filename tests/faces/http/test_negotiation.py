"""The form and the language of an answer are what the client prefers."""

import pytest
from starlette.testclient import TestClient

from morgen.faces.http.negotiation import accepted_form, languages

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
REPRESENTED = ("/v1", "/v1/conformance", "/v1/api", "/v1/processes", "/v1/processes/pluvial-flood", "/v1/jobs")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/geo+json, application/json;q=0.5", "json"),
        ("application/*", "json"),
        ("text/html", "html"),
        (BROWSER, "html"),
        ("text/*;q=0.5, application/json;q=0.4", "html"),
        ("text/html;q=0, */*", "json"),
        ("application/json;q=0.2, text/html;q=0.3", "html"),
        ("TEXT/HTML", "html"),
        ("text/html;q=loud", "html"),
        ("image/png", None),
        ("text/html;q=0", None),
        (";;,,q=1", None),
    ],
)
def test_accept_is_read_as_its_standard_says(accept, form):
    """The most specific wish counts for a media type, the highest quality wins, JSON comes first (RFC 9110)."""
    assert accepted_form(accept) == form


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "nl"),
        ("*", "nl"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("en", "en"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("fy,de;q=0.5", "nl"),
        ("de,en;q=0.5", "en"),
    ],
)
def test_the_language_is_the_one_that_is_preferred(accepted, language):
    """Dutch when there is no wish that can be met."""
    assert languages(accepted) == language


@pytest.mark.parametrize("path", REPRESENTED)
def test_every_resource_is_a_document_and_a_page(client: TestClient, path):
    """``f`` overrules Accept; without either it is JSON; what cannot be given is 406."""
    assert "json" in client.get(path).headers["content-type"]
    assert client.get(path, headers={"Accept": BROWSER}).headers["content-type"].startswith("text/html")
    assert "json" in client.get(f"{path}?f=json", headers={"Accept": BROWSER}).headers["content-type"]
    assert client.get(f"{path}?f=html").headers["content-type"].startswith("text/html")
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{path}?f=gif").status_code == 400


@pytest.mark.parametrize("path", [*REPRESENTED, "/"])
def test_pages_are_whole_accessible_and_without_scripts(client, path):
    """A page has a language, one heading, a way past the navigation, and nothing that the policy forbids."""
    for language in ("nl", "en"):
        text = client.get(f"{path}?f=html&lang={language}" if path != "/" else f"/?lang={language}").text
        if 'id="app"' in text:  # the viewer, which has tests of its own
            return
        assert f'<html lang="{language}">' in text
        assert text.count("<h1>") == 1
        assert 'href="#content"' in text
        assert "<script" not in text
        assert "style=" not in text
        assert "<style" not in text
        assert 'src="http' not in text


def test_the_languages_of_the_pages_have_the_same_texts():
    """What is said in one language is said in the other."""
    from morgen.faces.http.words import WORDS

    assert WORDS["nl"].keys() == WORDS["en"].keys()
    assert all(text for words in WORDS.values() for text in words.values())


def test_the_style_of_the_pages_can_be_kept_for_ever(client):
    """The address of the style has its version."""
    text = client.get("/v1?f=html").text
    address = text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
