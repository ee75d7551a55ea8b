#!/bin/sh
# Makes ./configure.
set -e
mkdir -p build-aux
autoreconf --force --install
