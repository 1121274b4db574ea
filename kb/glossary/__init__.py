"""The words departments use, explained in plain language in both languages."""
