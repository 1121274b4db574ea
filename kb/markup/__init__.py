"""Markdown to clean HTML, its plain text and its headings, within a time limit."""

from __future__ import annotations

from kb.markup.rendered import Heading, Rendered
from kb.markup.rendering import RendererUnavailable, render

__all__ = ["Heading", "Rendered", "RendererUnavailable", "render"]
