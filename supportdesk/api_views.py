"""The OpenAPI document, and the page that shows it to people. Both hold nothing that is secret."""

from __future__ import annotations

from copy import copy
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
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView
from accounts.api.problems import MEDIA_TYPE, PROBLEMS
from supportdesk.api_reference import forms_of, groups_of

URLCONF = "supportdesk.tenant_urls"


@lru_cache(maxsize=8)
def openapi_document(language: str) -> dict[str, Any]:
    """The document in that language; it depends on the code alone, so it is made once a process."""
    with translation.override(language):
        generator = SchemaGenerator(urlconf=URLCONF)  # type: ignore[no-untyped-call]
        document: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


def document_for(request: HttpRequest) -> dict[str, Any]:
    """The document in the caller's language, with the caller's desk as its server."""
    document = copy(openapi_document(translation.get_language() or "en"))
    document["servers"] = [{"url": request.build_absolute_uri(reverse("home")).rstrip("/")}]
    return document


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

    def get(self, request: Request) -> Response:
        return Response(document_for(request._request))


def docs(request: HttpRequest) -> HttpResponse:
    """The same, for reading: operations by group, their parameters, fields and refusals."""
    document = document_for(request)
    context = {
        "server": document["servers"][0]["url"],
        "groups": groups_of(document),
        "forms": forms_of(document),
        "problems": [problem for _code, problem in sorted(PROBLEMS.items())],
        "problem_media_type": MEDIA_TYPE,
    }
    return render(request, "api/docs.html", context)
