"""`motcua setup-assets`: fetch browser assets and fonts; part of `motcua setup`."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from motcua.kernel.command import Command as Base
from motcua.kernel.web.assets import AssetsUnavailable, fetch_assets


class Command(Base):
    help = "Fetch the browser assets and fonts named in package-lock.json, checked by hash; quick when done."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fetched = fetch_assets(settings.PACKAGE.parent.parent)
        except AssetsUnavailable as problem:
            self.finish({"error": str(problem)}, [str(problem)], ok=False)
            return
        self.finish({"fetched": fetched}, fetched or ["browser assets and fonts are up to date"])
