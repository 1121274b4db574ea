"""Every page of the sample company, the oldest first, as they were written."""

from __future__ import annotations

from config.demo.articles_battlecards import BATTLECARDS
from config.demo.articles_collateral import COLLATERAL
from config.demo.articles_faq import FAQ
from config.demo.articles_news import NEWS
from config.demo.articles_playbooks import PLAYBOOKS
from config.demo.articles_stories import STORIES
from config.demo.rows import DemoPage

PAGES: tuple[DemoPage, ...] = tuple(
    sorted(
        (*BATTLECARDS, *COLLATERAL, *FAQ, *STORIES, *PLAYBOOKS, *NEWS), key=lambda page: (page.on, page.slug)
    )
)
