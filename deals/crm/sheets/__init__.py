"""Reading what a CRM exports, whatever it is called and however it is written: plain Python, no rows of the database."""
