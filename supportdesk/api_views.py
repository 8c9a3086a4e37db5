"""The OpenAPI document, and the page that shows it to people. Both hold nothing that is secret."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.api.base import DeskView
from accounts.api.problems import MEDIA_TYPE, PROBLEMS
from supportdesk.api_reference import forms_of, groups_of

URLCONF = "supportdesk.tenant_urls"
ANY_DESK = "https://any-desk.invalid"
"""Stands in what is kept where a desk has its own address."""


@lru_cache(maxsize=8)
def openapi_document(language: str) -> dict[str, Any]:
    """The document in that language; it depends on the code alone, so it is made once a process."""
    with translation.override(language):
        generator = SchemaGenerator(urlconf=URLCONF)  # type: ignore[no-untyped-call]
        document: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


@lru_cache(maxsize=16)
def _written(renderer: Callable[[], BaseRenderer], language: str) -> bytes:
    """The document as that renderer writes it, which takes longer than most pages, for `ANY_DESK`."""
    document = openapi_document(language) | {"servers": [{"url": ANY_DESK}]}
    written: Any = renderer().render(document)
    return bytes(written)


def _address_of(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("home")).rstrip("/")


class Schema(DeskView):
    """Open to anybody: YAML, or JSON by `Accept` or `?format=json`."""

    schema = None
    permission_classes = (AllowAny,)
    renderer_classes = (
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        JSONRenderer,
    )

    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        kind: Any = type(renderer)
        text = _written(kind, translation.get_language() or "en")
        return HttpResponse(
            text.replace(ANY_DESK.encode(), _address_of(request._request).encode()),
            content_type=renderer.media_type + (f"; charset={renderer.charset}" if renderer.charset else ""),
        )


@lru_cache(maxsize=8)
def _for_reading(language: str) -> dict[str, Any]:
    document = openapi_document(language)
    return {"groups": groups_of(document), "forms": forms_of(document)}


def docs(request: HttpRequest) -> HttpResponse:
    """The same, for reading: operations by group, their parameters, fields and refusals."""
    context = _for_reading(translation.get_language() or "en") | {
        "server": _address_of(request),
        "problems": [problem for _code, problem in sorted(PROBLEMS.items())],
        "problem_media_type": MEDIA_TYPE,
    }
    return render(request, "api/docs.html", context)
