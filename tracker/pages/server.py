"""What the dashboard's server adds to Streamlit's: the content security policy, and the outlines of the map."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib
import importlib.util
import logging
import os
import re
import threading
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.charts_style import Tiles
from tracker.lexicon import bundled

#: Where the outlines are served; charts name it relative to the page.
GEO_PATH: Final = "/geo"
#: Where Plotly's JavaScript is served; a new version has a new address, so that a browser can keep it for good.
LIBRARY_PATH: Final = f"/plotly/plotly-{metadata.version('plotly')}.min.js"

#: A script in the page itself: runs the library while the page still waits for its contents.
_EARLY: Final = Path(__file__).with_name("early.js").read_text(encoding="utf-8").replace("LIBRARY", f".{LIBRARY_PATH}")
_EARLY_TAG: Final = f"<script>{_EARLY}</script>\n".encode()

#: Told so, Chromium compiles the library as it comes in, beside all else that the page does, and keeps the whole of
#: it; else each function waits for its first call. To other browsers it is a comment.
_COMPILE_ALL: Final = b"//# allFunctionsCalledOnLoad\n"

_READY: Final = "make-ready"

#: Where a base map may come from, ``https://host/{z}/{x}/{y}.png``, and whom to credit for it; unset: nowhere.
TILES_VARIABLE, ATTRIBUTION_VARIABLE = "TRACKER_TILES", "TRACKER_TILES_ATTRIBUTION"

#: The parts of Streamlit's page that all of ours need, by the names of their files.
_PARTS: Final = (
    "BidiComponent", "Button", "ButtonGroup", "Checkbox", "DateInput", "DownloadButton", "Html", "Multiselect",
    "Selectbox",
)  # fmt: skip
#: The pages, by the end of their address, that show charts at once.
_WITH_CHARTS: Final = ("", "method")
_STATIC_IMPORT = re.compile(r'from"\./([\w.-]+\.js)"')
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def tiles() -> Tiles | None:
    """The base map that the server allows, None where it allows none (as it does unless told)."""
    url = os.environ.get(TILES_VARIABLE, "")
    return Tiles(url, os.environ.get(ATTRIBUTION_VARIABLE, "")) if _tile_host(url) else None


def _tile_host(url: str) -> str | None:
    """The one origin that a base map comes from; None where the address is no plain one."""
    found = re.fullmatch(r"(https://[a-z0-9.-]+(?::\d+)?)/[\w./{}-]*", url)
    return found[1] if found and all(part in url for part in ("{z}", "{x}", "{y}")) else None


def content_security_policy(tile_host: str | None = None) -> str:
    """What the page may load and reach: itself, the host of a base map where one is allowed, and nothing else.

    Streamlit's own page carries a short inline script, and ours another, allowed by their hashes; its style sheets
    are written at run time. Plotly's map makes its worker from a blob. No script of a report could run, no image of
    one be fetched.
    """
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    inline = [*_INLINE_SCRIPT.findall(page.read_text(encoding="utf-8")), _EARLY]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in inline]
    outside = [tile_host] if tile_host else []
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "blob:", "'wasm-unsafe-eval'", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *outside],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", "blob:", *outside],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


def early(*, charts: bool) -> str:
    """What a browser may fetch at once, as a ``Link`` header: the parts of every page, and the charts' library.

    Streamlit's page asks for each part only when it meets the first element that needs it, one after the other.
    """
    folder = Path(streamlit.__file__).with_name("static")
    page = (folder / "index.html").read_text(encoding="utf-8")
    wanted = [path.name for part in _PARTS for path in sorted((folder / "static" / "js").glob(f"{part}.*.js"))]
    known: dict[str, None] = {}
    while wanted:
        name = wanted.pop()
        if name not in known and name not in page:
            known[name] = None
            code = (folder / "static" / "js" / name).read_text(encoding="utf-8")
            wanted += _STATIC_IMPORT.findall(code)
    modules = [f"<./static/js/{name}>; rel=modulepreload" for name in known]
    return ", ".join([*([f"<.{LIBRARY_PATH}>; rel=preload; as=script"] if charts else []), *modules])


class SecurityHeaders:
    """Sets the policy, and the headers that go with it, on every answer; has the page ask for the charts' library."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        #: Without the charts' library, and with it.
        self._early = (early(charts=False), early(charts=True))
        self._headers = {
            "Content-Security-Policy": content_security_policy(_tile_host(os.environ.get(TILES_VARIABLE, ""))),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        charts = scope["path"].rpartition("/")[2] in _WITH_CHARTS
        tag = b""

        async def send_with_headers(message: Message) -> None:
            nonlocal tag
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = self._early[charts]
                    if charts and message["status"] == 200 and "content-encoding" not in headers:
                        tag = _EARLY_TAG
                        headers["content-length"] = str(int(headers["content-length"]) + len(tag))
                        # The file's own: a browser must not take the page of another version for this one.
                        del headers["etag"], headers["last-modified"]
            elif tag and not message.get("more_body"):
                # A script after the end of a page counts as its last part.
                message["body"] = message.get("body", b"") + tag
            await send(message)

        await self._app(scope, receive, send_with_headers)


def make_ready() -> None:
    """Load what a first visitor needs, and open the reports, without waiting for it."""
    # Streamlit warns of each cached call outside a page; here that is meant, and nothing a person should read.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(_is_of_a_page)
    threading.Thread(target=_load, name=_READY, daemon=True).start()


def _is_of_a_page(record: logging.LogRecord) -> bool:
    return record.threadName != _READY


def _load() -> None:
    # pandas and plotly are loaded for the pages, not for the server, which answers meanwhile.
    for name in ("overview", "strikes", "add", "review", "log", "method"):
        importlib.import_module(f"tracker.pages.{name}")
    from tracker.pages import data

    # Whatever is wrong is said to the visitor, who asks for the same again.
    with contextlib.suppress(Exception):
        data.current()


def middleware() -> list[Middleware]:
    """The middleware of ``st.App``."""
    return [Middleware(SecurityHeaders)]


def routes() -> list[BaseRoute]:
    """The routes of ``st.App``: the outlines in ``data/geo`` and Plotly's JavaScript, read-only."""
    folder = bundled("data") / "geo"
    return [
        Mount(GEO_PATH, _Outlines(directory=folder, check_dir=False), name="geo"),
        Route(LIBRARY_PATH, _library, name="plotly"),
    ]


class _Outlines(StaticFiles):
    """Outlines change with a new version only: a browser need not ask for them at every map."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


async def _library(_request: Request) -> Response:
    found = importlib.util.find_spec("plotly")
    folder = Path(str(found.origin)).parent if found else Path()
    return Response(
        _COMPILE_ALL + (folder / "package_data" / "plotly.min.js").read_bytes(),
        media_type="text/javascript",
        # To this machine, to compress five megabytes takes longer than to send them.
        headers={"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "identity"},
    )
