"""Prints what the configured PostgreSQL database has applied, without starting Django; see `applied_sqlite`."""

import sys

import psycopg

from config.env import Environment

QUESTION = (
    "SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), count(*), max(id), max(applied)"
    " FROM django_migrations"
)
KEYWORDS = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def fingerprint(database: dict[str, object]) -> str:
    """Place, database and table of migrations; empty when one of them cannot be reached."""
    known = {word: str(database[key]) for key, word in KEYWORDS.items() if database[key]}
    try:
        with psycopg.connect(psycopg.conninfo.make_conninfo("connect_timeout=5", **known)) as connection:
            row = connection.execute(QUESTION).fetchone()
    except psycopg.Error:
        return ""
    return f"{database['HOST']} {database['PORT']} {row}"


if __name__ == "__main__":
    env = Environment()
    sys.stdout.write(fingerprint(env.database(env.home())) + "\n")
