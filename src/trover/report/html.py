"""One self-contained page: no network, no outside font, readable without a script, every user text escaped."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from trover.report.document import spans_of
from trover.report.exhibit import Exhibit
from trover.report.words import short_title, visible


def html(exhibit: Exhibit) -> bytes:
    """The page as UTF-8; the same exhibit gives the same bytes."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("trover.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style, script = resource("exhibit.css"), resource("exhibit.js")
    page = environment.get_template("exhibit.html.j2").render(
        cover=exhibit.cover,
        parts=exhibit.parts,
        figures=list(exhibit.figures.values()),
        rows=exhibit.rows,
        shown=exhibit.shown,
        spans_of=spans_of,
        visible=visible,
        short_title=short_title,
        style=style,
        script=script,
        policy=policy(style, script),
    )
    return page.encode()


def resource(name: str) -> str:
    """A file beside the templates."""
    return (resources.files("trover.report") / "templates" / name).read_text(encoding="utf-8")


def policy(style: str, script: str = "") -> str:
    """Nothing may be loaded; the one style sheet and the one script run because their hashes are named."""
    allowed = {"style-src": style, "script-src": script} if script else {"style-src": style}
    hashed = [f"{name} 'sha256-{_hash(text)}'" for name, text in allowed.items()]
    return "; ".join(["default-src 'none'", *hashed, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
