"""Measurements: one file a question, each prints ratios measured in one run."""
