"""What a first visit costs: every file a page names, as sent compressed, with all fonts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

LIMIT = 300_000
FONT_FACES = re.compile(r'url\("\.\./(vendor/[^"]+)"\)')


def weight(name: str) -> int:
    found = finders.find(name)
    if found is None:
        pytest.fail(f"static file {name} is missing: run `motcua setup`")
    data = Path(str(found)).read_bytes()
    return len(data) if name.endswith(".woff2") else len(gzip.compress(data))


def named(page: str) -> set[str]:
    files = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    for sheet in [name for name in files if name.startswith("kernel/") and name.endswith(".css")]:
        found = finders.find(sheet)
        files |= set(FONT_FACES.findall(Path(str(found)).read_text(encoding="utf-8")))
    return files


@pytest.mark.parametrize("path", ["/kieu-dang/", "/dang-nhap/", "/done/", "/khong-co/"])
def test_a_page_weighs_at_most_300_kilobytes(site: Client, path: str) -> None:
    content = site.get(path).content
    total = len(gzip.compress(content)) + sum(weight(name) for name in named(content.decode()))
    assert total <= LIMIT


def test_each_own_script_is_small() -> None:
    for name in ("words", "dialog", "keyboard", "drafts", "forms", "print"):
        found = finders.find(f"kernel/{name}.js")
        assert found is not None
        assert Path(str(found)).stat().st_size < 10_000, name


def test_every_static_file_can_be_collected_under_its_hash(frame: Settings, tmp_path: Path) -> None:
    frame.STATIC_ROOT = tmp_path
    frame.STORAGES = {
        **frame.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", "--noinput", verbosity=0)
    sheet = next(tmp_path.glob("kernel/motcua.*.css")).read_text(encoding="utf-8")
    assert re.search(r"be-vietnam-pro-latin-400-normal\.[0-9a-f]{12}\.woff2", sheet)
    assert list(tmp_path.glob("vendor/bootstrap/bootstrap.min.*.css.gz"))
