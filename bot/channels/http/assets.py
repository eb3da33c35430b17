"""The files that the pages need, served from the package: named by their content, so that a browser keeps them for good."""

from __future__ import annotations

import hashlib
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_GOOD = "public, max-age=31536000, immutable"


SHARED = "bot.channels.http"


class Assets:
    """The files of a channel's package and those that all pages share, read once. `root`: the path they are served under."""

    def __init__(self, package: str, root: str = "/static") -> None:
        self._root = root
        self._files = {
            path.name: path.read_bytes()
            for owner in (SHARED, package)
            for path in (resources.files(owner) / "static").iterdir()
            if path.name.endswith(tuple(TYPES))
        }
        digest = hashlib.sha256()
        for name in sorted(self._files):
            digest.update(self._files[name])
        self._version = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Where a file is. The files import each other, so all have one version."""
        return f"{self._root}/{self._version}/{name}"

    async def serve(self, request: Request) -> Response:
        """A file. One of another version is this version's: a page that was open before an update goes on."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        current = request.path_params["version"] == self._version
        kind = TYPES[f".{name.rpartition('.')[2]}"]
        headers = {"Cache-Control": FOR_GOOD if current else "no-cache"}
        return Response(self._files[name], media_type=kind, headers=headers)
