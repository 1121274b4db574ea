"""Deals and the companies they are with: imported, entered, listed."""
