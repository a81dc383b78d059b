"""Norms over HTTP: the list, one set, and what is not there."""

from morgen.models.norms import load_norms, shipped


def test_the_sets_lead_to_their_norms(client):
    """Every set that comes with Morgen is listed with a link that gives it whole, with keys in camelCase."""
    found = client.get("/v1/norms").json()["normSets"]
    assert [item["id"] for item in found] == list(shipped())
    for item in found:
        document = client.get(item["links"][0]["href"]).json()
        norms = load_norms(item["id"]).norms
        assert [row["id"] for row in document["norms"]] == [norm.id for norm in norms]
        assert [row["unitSize"] for row in document["norms"]] == [norm.unit_size for norm in norms]


def test_a_set_that_is_not_there_is_told_and_no_file_is_opened(client):
    """The path of a file is no set over HTTP: the sentence names the sets there are."""
    for name in ("nowhere", "own.toml"):
        answer = client.get(f"/v1/norms/{name}")
        assert answer.status_code == 404
        assert "landelijk-indicatief, utrecht-2020" in answer.json()["detail"]
