"""Engines that build and run images, behind one protocol: docker, podman and buildah by their command lines."""
