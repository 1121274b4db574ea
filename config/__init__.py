"""The settings, addresses and first page that wire the rooms together; nobody imports this package."""
