"""The search engines: the only place that knows a search library."""
