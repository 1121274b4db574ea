"""Reads glossaries as others keep them: tables, YAML, folders of Markdown. Plain Python; nothing here knows the database."""
