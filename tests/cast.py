"""The people every test knows."""

from kb.accounts.actions import seed_cast
from kb.accounts.models import User


def make_cast() -> dict[str, User]:
    """Sato (editor, Marketing), Lee (writer, Sales 1), Mori (writer, Support), Ito (reader, Sales 2), Takahashi (administrator)."""
    return seed_cast()
