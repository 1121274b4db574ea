"""Who may read what: one audience behind every readable thing."""
