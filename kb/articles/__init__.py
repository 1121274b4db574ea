"""Pages people write: collections, articles and their revisions."""
