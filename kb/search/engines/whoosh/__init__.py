"""Whoosh as the engine that needs no service: files in the home, read by every process, written by one at a time."""

from kb.search.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
