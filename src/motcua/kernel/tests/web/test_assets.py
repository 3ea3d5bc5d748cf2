from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from motcua.kernel.web import assets
from motcua.kernel.web.icons import ICONS

ROOT = Path(__file__).parents[5]


def tarball(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sha512(data: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def test_the_lock_names_every_wanted_package_with_a_strong_hash() -> None:
    locked = assets.read_lock(ROOT / "package-lock.json")
    for want in assets.wanted():
        assert locked[want.package].integrity.startswith("sha512-")


def test_the_lock_carries_no_download_address() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert not re.search(r"registry\.", text)


@pytest.mark.parametrize(
    ("integrity", "good"),
    [
        (sha512(b"data"), True),
        (sha512(b"other"), False),
        ("sha1-" + base64.b64encode(hashlib.sha1(b"data").digest()).decode(), False),
        ("", False),
    ],
)
def test_only_the_exact_bytes_pass(integrity: str, good: bool) -> None:
    assert assets.check_integrity(b"data", integrity) is good


def project(tmp_path: Path, data: dict[str, bytes]) -> None:
    packages = {
        f"node_modules/{name}": {"version": "1.0.0", "integrity": sha512(content)}
        for name, content in data.items()
    }
    lock = {"lockfileVersion": 3, "packages": {"": {}, **packages}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A registry with one tarball for every wanted package, each holding its files and one nobody wants."""
    sent = {
        want.package: tarball(
            {f"package/{name}": f"<svg>{name}</svg>".encode() for name in want.files}
            | {"package/../../evil": b"x"}
        )
        for want in assets.wanted()
    }
    project(tmp_path, sent)
    monkeypatch.setattr(assets, "_fetcher", lambda root: lambda package: sent[package.name])
    return sent


def test_wanted_files_arrive_and_nothing_else(tmp_path: Path, registry: dict[str, bytes]) -> None:
    assert len(assets.fetch_assets(tmp_path)) == len(assets.wanted())
    for want in assets.wanted():
        for target in want.files.values():
            assert (tmp_path / target).exists()
    assert not list(tmp_path.rglob("evil"))
    assert (tmp_path / assets.VENDOR / "icons.svg").read_text().count("<symbol") == len(ICONS)


def test_a_second_set_up_fetches_nothing(
    tmp_path: Path, registry: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assets.fetch_assets(tmp_path)
    monkeypatch.setattr(assets, "_fetcher", lambda root: pytest.fail("fetched again"))
    assert assets.fetch_assets(tmp_path) == []


def test_a_deleted_file_is_fetched_again(tmp_path: Path, registry: dict[str, bytes]) -> None:
    assets.fetch_assets(tmp_path)
    (tmp_path / assets.VENDOR / "icons.svg").unlink()
    assert assets.fetch_assets(tmp_path)


def test_a_changed_tarball_is_refused_before_it_is_opened(tmp_path: Path, registry: dict[str, bytes]) -> None:
    registry["bootstrap"] = tarball({"package/dist/css/bootstrap.min.css": b"evil"})
    with pytest.raises(assets.AssetsUnavailable, match="bootstrap"):
        assets.fetch_assets(tmp_path)
    assert not (tmp_path / assets.VENDOR).exists()


@pytest.mark.parametrize(
    ("environ", "npmrc", "address"),
    [
        (
            {"npm_config_registry": "https://npm.tinh.example/"},
            "registry=https://other.example",
            "https://npm.tinh.example",
        ),
        ({}, "# proxy\nregistry = https://other.example/npm/\n", "https://other.example/npm"),
    ],
)
def test_the_registry_is_the_one_npm_would_use(
    tmp_path: Path, environ: dict[str, str], npmrc: str, address: str
) -> None:
    path = tmp_path / ".npmrc"
    path.write_text(npmrc, encoding="utf-8")
    assert assets.registry(environ, path) == address


def test_without_settings_the_public_registry_is_used(tmp_path: Path) -> None:
    assert assets.registry({}, tmp_path / "none").startswith("https://")


def test_a_registry_that_is_no_web_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsUnavailable):
        assets.registry({"npm_config_registry": "file:///etc"}, tmp_path / "none")


class OneTarball(BaseHTTPRequestHandler):
    """A registry that knows a single scoped package."""

    def do_GET(self) -> None:
        known = self.path == "/npm/@tabler/icons/-/icons-1.0.0.tgz"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(b"tarball" if known else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say."""


def test_without_npm_the_tarball_comes_straight_from_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with HTTPServer(("127.0.0.1", 0), OneTarball) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/npm/")
        fetch = assets._fetcher(ROOT)
        assert fetch(assets.Locked("@tabler/icons", "1.0.0", "")) == b"tarball"
        with pytest.raises(assets.AssetsUnavailable, match=r"bootstrap 1\.0\.0"):
            fetch(assets.Locked("bootstrap", "1.0.0", ""))
        server.shutdown()
