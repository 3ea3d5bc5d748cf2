"""The frame alone: kernel pages and middleware, without any other context and without a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

HERE = Path(__file__).parent
MIDDLEWARE = [
    "motcua.kernel.web.middleware.UnavailableMiddleware",
    "motcua.kernel.web.middleware.SecurityHeadersMiddleware",
    "motcua.kernel.language.LanguageMiddleware",
    "motcua.kernel.web.middleware.FormMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "motcua.kernel.tests.web.frame.Somebody",
    "motcua.kernel.web.middleware.ProblemMiddleware",
]


@pytest.fixture
def frame(settings: Settings) -> Settings:
    """Settings of a site that has only the kernel's pages."""
    settings.ROOT_URLCONF = "motcua.kernel.tests.web.urls"
    settings.MIDDLEWARE = MIDDLEWARE
    settings.ALLOWED_HOSTS = ["*"]
    options = {**settings.TEMPLATES[0]["OPTIONS"]}
    options["context_processors"] = [
        "django.template.context_processors.request",
        "motcua.kernel.tests.web.frame.frame",
    ]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [HERE / "templates"], "OPTIONS": options}]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return settings


@pytest.fixture
def site(frame: Settings) -> Client:
    """A browser on that site; a failure inside is answered as it would be in use."""
    return Client(raise_request_exception=False)
