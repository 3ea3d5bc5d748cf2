"""Third-party browser assets and fonts: fetched at set-up by lock file and integrity hash, never committed.

`package-lock.json` names the exact versions and their SHA-512. A tarball comes from `npm pack` where npm is
installed (it knows the user's registry, proxy and certificates) and otherwise straight from the registry the
user's npm settings name. Either way its hash is checked before one byte is unpacked, nothing is executed, and
only the wanted files and their licences are kept.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from motcua.kernel.web.icons import ICONS

VENDOR = Path("src/motcua/kernel/static/vendor")
LETTER_FONTS = Path("src/motcua/documents/fonts")
TEST_TOOLS = Path("var/vendor")
STAMP = ".assets"
RECIPE = 2  # raise when unpacking changes, so that every copy is made anew
WEIGHTS = (400, 500, 600)
SUBSETS = ("latin", "vietnamese")
TIMEOUT_SECONDS = 120
# A style sheet names its source map, which is not kept; the collector of static files insists on named files.
_SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=[^*]*\*/\s*$")


class AssetsUnavailable(Exception):
    """An asset could not be fetched, or is not the one the lock names. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files to keep of one package: path inside the package -> path under the project root."""

    package: str
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Locked:
    """One package as the lock names it; `integrity` is `sha512-<base64>`."""

    name: str
    version: str
    integrity: str


def wanted() -> tuple[Wanted, ...]:
    """Every third-party file the product serves, prints with, or tests with."""
    fonts = [f"be-vietnam-pro-{subset}-{weight}-normal.woff2" for subset in SUBSETS for weight in WEIGHTS]
    styles = ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic")
    return (
        Wanted(
            "bootstrap",
            {
                "dist/css/bootstrap.min.css": VENDOR / "bootstrap/bootstrap.min.css",
                "LICENSE": VENDOR / "bootstrap/LICENSE",
            },
        ),
        Wanted(
            "@fontsource/be-vietnam-pro",
            {
                **{f"files/{name}": VENDOR / "be-vietnam-pro" / name for name in fonts},
                "LICENSE": VENDOR / "be-vietnam-pro/LICENSE",
            },
        ),
        Wanted(
            "@tabler/icons",
            {
                **{f"icons/outline/{name}.svg": VENDOR / "icons.svg" for name in ICONS},
                "LICENSE": VENDOR / "icons.LICENSE",
            },
        ),
        Wanted(
            "@expo-google-fonts/tinos",
            {
                **{f"{style}/Tinos_{style}.ttf": LETTER_FONTS / f"Tinos_{style}.ttf" for style in styles},
                "LICENSE_FONT": LETTER_FONTS / "LICENSE",
            },
        ),
        Wanted(
            "axe-core",
            {
                "axe.min.js": TEST_TOOLS / "axe-core/axe.min.js",
                "LICENSE": TEST_TOOLS / "axe-core/LICENSE",
            },
        ),
    )


def fetch_assets(root: Path) -> list[str]:
    """Bring every wanted asset under `root` and return one line per package fetched (none when up to date).

    Raises AssetsUnavailable naming the package when it cannot be fetched or fails its integrity check.
    """
    stamp = root / VENDOR / STAMP
    digest = _digest(root)
    if _up_to_date(root, stamp, digest):
        return []
    locked = read_lock(root / "package-lock.json")
    fetch = _fetcher(root)
    wants = wanted()
    with ThreadPoolExecutor(len(wants)) as pool:
        tarballs = list(pool.map(lambda want: _verified(locked[want.package], fetch), wants))
    lines = [
        f"{want.package} {locked[want.package].version}: {_unpack(root, want, tarball)} files"
        for want, tarball in zip(wants, tarballs, strict=True)
    ]
    stamp.write_text(digest, encoding="ascii")
    return lines


def read_lock(path: Path) -> dict[str, Locked]:
    """The packages of a version 3 `package-lock.json`, by name."""
    entries = json.loads(path.read_text(encoding="utf-8"))["packages"]
    found = {}
    for key, entry in entries.items():
        if key:
            name = key.rpartition("node_modules/")[2]
            found[name] = Locked(name, entry["version"], entry["integrity"])
    return found


def check_integrity(data: bytes, integrity: str) -> bool:
    """Whether the bytes carry the lock's `sha512-<base64>`; a weaker algorithm is never accepted."""
    algorithm, _, expected = integrity.partition("-")
    return algorithm == "sha512" and base64.b64encode(hashlib.sha512(data).digest()).decode() == expected


def sprite(icons: Mapping[str, str]) -> str:
    """One SVG holding every icon as a symbol; strokes take the colour of the text around them."""
    symbols = []
    for name, svg in sorted(icons.items()):
        inner = re.sub(r"<path stroke=\"none\" d=\"M0 0h24v24H0z\" fill=\"none\"\s*/>", "", svg)
        inner = re.sub(r"\s+", " ", inner.partition(">")[2].rpartition("</svg>")[0]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner.replace("> <", "><")}</symbol>')
    style = (
        'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" {style}>{"".join(symbols)}</svg>\n'


def _digest(root: Path) -> str:
    """Changes when a version or the list of wanted files does."""
    names = "\n".join(f"{path}>{target}" for want in wanted() for path, target in want.files.items())
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + f"{RECIPE}\n{names}".encode()).hexdigest()


def _up_to_date(root: Path, stamp: Path, digest: str) -> bool:
    if not stamp.exists() or stamp.read_text(encoding="ascii") != digest:
        return False
    return all((root / target).exists() for want in wanted() for target in want.files.values())


def _verified(package: Locked, fetch: Callable[[Locked], bytes]) -> bytes:
    data = fetch(package)
    if not check_integrity(data, package.integrity):
        raise AssetsUnavailable(
            f"{package.name} {package.version}: what the registry sent does not match package-lock.json; "
            "nothing was unpacked. Try again, or check the registry or proxy in your npm settings."
        )
    return data


def _unpack(root: Path, want: Wanted, tarball: bytes) -> int:
    """Write the wanted files, and nothing else, to where they belong; returns how many were read."""
    read: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for member in archive:
            inside = member.name.partition("/")[2]
            if inside in want.files and member.isfile():
                stream = archive.extractfile(member)
                assert stream is not None
                read[inside] = stream.read()
    missing = sorted(set(want.files) - set(read))
    if missing:
        raise AssetsUnavailable(f"{want.package}: the package has no {', '.join(missing)}")
    drawings = {Path(name).stem: data.decode() for name, data in read.items() if name.endswith(".svg")}
    for name, data in read.items():
        if not name.endswith(".svg"):
            _write(root / want.files[name], _SOURCE_MAP.sub(b"", data) if name.endswith(".css") else data)
    if drawings:
        _write(root / VENDOR / "icons.svg", sprite(drawings).encode())
    return len(read)


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one step, so a broken set-up never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)


def _fetcher(root: Path) -> Callable[[Locked], bytes]:
    npm = shutil.which("npm")
    if npm is None:
        return _from_registry
    command = npm

    def fetch(package: Locked) -> bytes:
        try:
            return _from_npm(command, package, root)
        except (OSError, subprocess.SubprocessError):
            return _from_registry(package)

    return fetch


def _from_npm(npm: str, package: Locked, root: Path) -> bytes:
    scratch = root / "var"
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        arguments: Sequence[str] = (
            npm,
            "pack",
            "--silent",
            "--ignore-scripts",
            f"{package.name}@{package.version}",
        )
        subprocess.run(arguments, cwd=folder, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)  # noqa: S603
        return next(Path(folder).glob("*.tgz")).read_bytes()


def _from_registry(package: Locked) -> bytes:
    base = package.name.rpartition("/")[2]
    address = f"{registry()}/{package.name}/-/{base}-{package.version}.tgz"
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            data: bytes = answer.read()
    except OSError as error:
        raise AssetsUnavailable(
            f"{package.name} {package.version}: the package registry did not answer ({error}). "
            "Set npm_config_registry, or install npm and run `motcua setup` again."
        ) from error
    return data


def registry(environ: Mapping[str, str] | None = None, npmrc: Path | None = None) -> str:
    """The registry's address without a trailing slash: environment, then ~/.npmrc, then npm's own default."""
    environ = os.environ if environ is None else environ
    named = environ.get("npm_config_registry") or environ.get("NPM_CONFIG_REGISTRY")
    path = npmrc or Path.home() / ".npmrc"
    if not named and path.is_file():
        found = re.search(r"^\s*registry\s*=\s*(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        named = found.group(1) if found else None
    address = (named or "https://" + ".".join(("registry", "npmjs", "org"))).rstrip("/")
    if not address.startswith(("https://", "http://")):
        raise AssetsUnavailable(f"the npm registry setting is not a web address: {address}")
    return address
