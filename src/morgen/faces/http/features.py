"""OGC API Features: routes that find the collection, read the question, and send ready bytes."""

from dataclasses import replace
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from morgen.core.errors import NotFoundError
from morgen.faces.http.answers import json_answer
from morgen.faces.http.collections import (
    PARQUET,
    SCHEMA,
    collection_address,
    collection_document,
    queryables_document,
    source_documents,
)
from morgen.faces.http.documents import binary, described, may_fail, ok
from morgen.faces.http.feature_answers import (
    feature_body,
    feature_headers,
    feature_links,
    geojson_answer,
    is_known,
    page_body,
    page_links,
)
from morgen.faces.http.feature_openapi import ITEM, ITEMS, QUERYABLES
from morgen.faces.http.feature_query import ItemsQuery, read_item_crs, read_items_query
from morgen.faces.http.feature_schemas import CollectionDescription, CollectionList
from morgen.faces.http.feature_words import WORDS
from morgen.faces.http.html import page as html_page
from morgen.faces.http.links import base, represented_links
from morgen.faces.http.negotiation import Language, Represented, only
from morgen.services.feature_store import FeatureStore, LayerFacts, Page
from morgen.services.features.catalogue import Catalogue
from morgen.services.features.collections import Collection
from morgen.services.features.crs import FEATURE_CRS, RD, FeatureCrs
from morgen.services.served import ServedTwin

__all__ = ["features_router"]

CollectionId = Annotated[str, Path(alias="collectionId", description="Id of the collection.")]
FeatureId = Annotated[str, Path(alias="featureId", description="Id of the feature.")]

LONGEST_TABLE: Final = 1_000
"""Features in a table for people; programs get more."""


def features_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/collections``."""
    routes = _Routes(Catalogue(served), FeatureStore.of_twin(served.twin.folder))
    router = APIRouter(tags=["Features"])
    one = "/collections/{collectionId}"
    router.get(
        "/collections",
        operation_id="getCollections",
        summary="The layers of features that there are",
        responses=ok(CollectionList, "The collections.") | may_fail(400, 406, 503),
        dependencies=[only("f", "lang")],
    )(routes.collections)
    router.get(
        one,
        operation_id="getCollection",
        summary="One collection",
        responses=ok(CollectionDescription, "The collection.") | may_fail(400, 404, 406, 503),
        dependencies=[only("f", "lang")],
    )(routes.collection)
    router.get(
        f"{one}/queryables",
        operation_id="getQueryables",
        summary="The properties to filter on",
        responses=described(SCHEMA, "A JSON Schema.", schema=QUERYABLES) | may_fail(400, 404, 503),
        response_class=Response,
        dependencies=[only()],
    )(routes.queryables)
    router.get(
        f"{one}/features.parquet",
        operation_id="getFeaturesAsParquet",
        summary="All features in one file",
        responses=binary(PARQUET, "GeoParquet in RD New, as it is stored.") | may_fail(400, 404, 503),
        response_class=Response,
        dependencies=[only()],
    )(routes.parquet)
    router.get(
        f"{one}/items",
        operation_id="getFeatures",
        summary="Some of the features",
        responses=may_fail(400, 404, 406, 503),
        response_class=Response,
        openapi_extra=ITEMS,
    )(routes.items)
    router.get(
        one + "/items/{featureId:path}",
        operation_id="getFeature",
        summary="One feature",
        responses=may_fail(400, 404, 406, 503),
        response_class=Response,
        openapi_extra=ITEM,
    )(routes.item)
    return router


class _Routes:
    """The routes, over the collections and the features of one twin."""

    def __init__(self, catalogue: Catalogue, store: FeatureStore) -> None:
        self._catalogue = catalogue
        self._store = store

    async def collections(self, request: Request, form: Represented, language: Language) -> Response:
        """List the feature layers of the situation, and those that runs gave."""
        return await run_in_threadpool(self._collections, request, form, language)

    def _collections(self, request: Request, form: str, language: str) -> Response:
        root = base(request)
        described = [
            collection_document(root, item, self._store.describe(item.sha256), form="json")
            for item in self._catalogue.all()
        ]
        document = {
            "links": represented_links(f"{root}/collections", "Collections", form=form),
            "crs": [crs.uri for crs in FEATURE_CRS],
            "collections": described,
        }
        if form == "html":
            return html_page(request, "collections.html", language, words=WORDS, document=document)
        return json_answer(document, Vary="Accept")

    async def collection(
        self, request: Request, collection_id: CollectionId, form: Represented, language: Language
    ) -> Response:
        """Describe one collection: extent, CRSs, sources, licence, and where its features are."""
        collection, facts = await self._find(collection_id)
        document = collection_document(base(request), collection, facts, form=form)
        if form == "html":
            return html_page(
                request, "collection.html", language, words=WORDS, document=document, filters=facts.properties
            )
        return json_answer(document, Vary="Accept")

    async def queryables(self, request: Request, collection_id: CollectionId) -> Response:
        """Give the JSON Schema of the properties that items can be filtered on."""
        collection, facts = await self._find(collection_id)
        address = collection_address(base(request), collection)
        return json_answer(queryables_document(address, collection, facts), media_type=SCHEMA)

    async def parquet(self, collection_id: CollectionId) -> Response:
        """Give the whole collection as the GeoParquet file that it is stored as, in RD New."""
        collection, _ = await self._find(collection_id)
        path = self._store.objects.path(collection.sha256)
        headers = {"ETag": f'"{collection.sha256}"', "Cache-Control": "no-cache", "Content-Crs": f"<{RD.uri}>"}
        return FileResponse(path, 200, headers, PARQUET, filename=f"{collection.id}.parquet")

    async def items(
        self, request: Request, collection_id: CollectionId, form: Represented, language: Language
    ) -> Response:
        """Give a page of features, all of them or those in a box, of a time, or with some values."""
        collection, facts = await self._find(collection_id)
        query = read_items_query(request.query_params.multi_items(), facts.properties)
        headers = feature_headers(request, collection, query.crs)
        if form == "json" and is_known(request, headers):
            return Response(status_code=304, headers=headers)
        if form == "html":
            query = replace(query, limit=min(query.limit, LONGEST_TABLE))
        page = await self._page(collection, query)
        links = page_links(request, collection, query, page, form=form)
        if form == "html":
            values = {"collection": collection, "query": query, "page": page, "links": links}
            return await run_in_threadpool(_items_page, request, language, values)
        return await geojson_answer(request, page_body(page, links), headers)

    async def item(
        self,
        request: Request,
        collection_id: CollectionId,
        feature_id: FeatureId,
        form: Represented,
        language: Language,
    ) -> Response:
        """Give one feature by its id."""
        collection, _ = await self._find(collection_id)
        crs = read_item_crs(request.query_params.multi_items())
        headers = feature_headers(request, collection, crs)
        if form == "json" and is_known(request, headers):
            return Response(status_code=304, headers=headers)
        feature = await self._feature(collection, feature_id, crs)
        links = feature_links(request, collection, feature_id, form=form)
        if form == "html":
            return html_page(
                request,
                "feature.html",
                language,
                words=WORDS,
                feature=orjson.loads(feature),
                collection=collection,
                sources=source_documents(collection.stamps),
            )
        return await geojson_answer(request, feature_body(feature, links), headers)

    async def _find(self, collection_id: str) -> tuple[Collection, LayerFacts]:
        collection = self._catalogue.known(collection_id)
        if collection is None:
            collection = await run_in_threadpool(self._catalogue.find, collection_id)
        facts = self._store.known_facts(collection.sha256)
        if facts is None:
            facts = await run_in_threadpool(self._store.describe, collection.sha256)
        return collection, facts

    async def _page(self, collection: Collection, query: ItemsQuery) -> Page:
        if query.period and collection.period and not query.period.meets(collection.period):
            return Page(b"", returned=0, matched=0)

        def page() -> Page:
            return self._store.page(
                collection.sha256,
                limit=query.limit,
                offset=query.offset,
                crs=query.crs,
                box=query.box,
                properties=query.properties,
            )

        everything = query.box is None and not query.properties
        if everything and self._store.is_ready(collection.sha256, query.crs):
            return page()  # a slice, which is quicker than handing it to a thread
        return await run_in_threadpool(page)

    async def _feature(self, collection: Collection, feature_id: str, crs: FeatureCrs) -> bytes:
        try:
            if self._store.is_ready(collection.sha256, crs):
                return self._store.feature(collection.sha256, feature_id, crs=crs)
            return await run_in_threadpool(self._store.feature, collection.sha256, feature_id, crs=crs)
        except NotFoundError:
            raise NotFoundError(
                f"the collection {collection.id!r} has no feature {feature_id!r}; take an id from"
                f" /v1/collections/{collection.id}/items"
            ) from None


def _items_page(request: Request, language: str, values: dict[str, Any]) -> Response:
    features = orjson.loads(b"[%b]" % values["page"].features)
    columns = list(features[0]["properties"]) if features else []
    to = {item["rel"]: item["href"] for item in values["links"]}
    return html_page(
        request, "features.html", language, words=WORDS, **values, features=features, columns=columns, to=to
    )
