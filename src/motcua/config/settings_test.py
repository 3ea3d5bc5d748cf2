"""Settings for the test suite: an own state folder, fast hashing, plain static files."""

from __future__ import annotations

import os
import tempfile

_STATE = tempfile.mkdtemp(prefix="motcua-test-")
os.environ["MOTCUA_STATE_DIR"] = _STATE
os.environ.setdefault("MOTCUA_MODE", "demo")

from motcua.config.settings import *  # noqa: E402, F403
from motcua.config.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"].pop("CONN_MAX_AGE", None)
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
