"""What was learned from a deal: who decided why, in whose words, and what to do next time."""
