"""Win/loss analysis: it only reads; counts, rates and intervals of the deals a viewer may see."""
