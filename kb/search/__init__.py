"""One box that finds every kind of thing a viewer may see."""
