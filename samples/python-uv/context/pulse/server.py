"""Beats when asked."""

import signal
import sys

import waitress
from markupsafe import Markup


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])
    return [(Markup("<b>%s</b>\n") % "beat & beat").encode()]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    waitress.serve(application, port=8030)
