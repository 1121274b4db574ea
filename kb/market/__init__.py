"""Competitors, products and industries: names and near-names that pages, facets, terms and deals share."""
