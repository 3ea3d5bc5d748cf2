"""The API itself: routers, refusals, one effect for one key, and a complete OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from motcua.kernel.api import document, refusals
from motcua.kernel.api.once import REPLAY_HEADER, once
from motcua.kernel.errors import Refused
from motcua.kernel.web import problems


class ProductAPI(NinjaAPI):
    """`field_names` says how requests call the fields that acts name in their refusals."""

    def __init__(self, *, field_names: Mapping[str, str], **options: Any) -> None:
        super().__init__(docs_url=None, **options)
        self._document: OpenAPISchema | None = None
        self.add_decorator(once)
        self.add_exception_handler(AuthenticationError, refusals.unknown_client)
        self.add_exception_handler(HttpError, refusals.http_error)
        self.add_exception_handler(ValidationError, refusals.invalid)
        self.add_exception_handler(RawPostDataException, refusals.not_json)
        self.add_exception_handler(Refused, partial(refusals.refused, names=field_names))
        self.add_exception_handler(Http404, lambda request, _missing: problems.problem(request, 404))

    def create_response(self, request: HttpRequest, data: Any, **how: Any) -> HttpResponse:
        """Answers are private; a repeated one says so."""
        response = super().create_response(request, data, **how)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if getattr(request, "is_replay", False):
            response[REPLAY_HEADER] = "true"
        return response

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document, made once for each process."""
        if self._document is None:
            self._document = document.completed(
                super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            )
        return self._document

    def _get_urls(self) -> list[Any]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = _with_problems(pattern.callback)
        return found


def _with_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A method that an address does not know is told like every other refusal."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refusal = problems.problem(request, 405)
        refusal["Allow"] = response["Allow"]
        return refusal

    return answered
