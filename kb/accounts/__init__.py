"""People, their departments and roles, and how they sign in."""
