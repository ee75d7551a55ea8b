"""The labels as a WSGI application."""

from urllib.parse import parse_qs

import markupsafe


def app(environ, start_response):
    name = parse_qs(environ["QUERY_STRING"]).get("name", ["nobody"])[0]
    start_response("200 OK", [("Content-Type", "text/html")])
    return [f"<p>{markupsafe.escape(name)}</p>\n".encode()]
