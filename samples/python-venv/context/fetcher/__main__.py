"""Serves the features of libcurl as JSON."""

import argparse
import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import pycurl


class Features(BaseHTTPRequestHandler):
    def do_GET(self):
        version = pycurl.version_info()
        body = json.dumps({"tls": version[5].split("/")[0], "https": "https" in version[8]}) + "\n"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


parser = argparse.ArgumentParser(prog="fetcher")
parser.add_argument("--port", type=int, default=8010)
parser.add_argument("--version", action="version", version="fetcher 0.1")
options = parser.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("", options.port), Features).serve_forever()
