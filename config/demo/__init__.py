"""The sample company, Hibari Soft, a fictional maker of business software: tables that `seed_demo` puts in."""
