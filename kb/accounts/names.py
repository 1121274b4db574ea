"""What a person's or a department's name may hold: anything one can read, nothing that bends the page around it."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 100
# Joiners are part of spelling in several scripts and of emoji; every other format character is invisible.
JOINERS = "\u200c\u200d"
UNREADABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def clean_name(text: str) -> str:
    """The name as it is kept: composed, with single spaces.

    Raises:
        ValidationError: it is empty, longer than 100 characters, or has characters that cannot be seen.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    hidden = next(
        (one for one in name if one not in JOINERS and unicodedata.category(one) in UNREADABLE), None
    )
    if hidden is not None:
        message = _("This name has a character that cannot be seen (U+%(code)s). Type the name without it.")
        raise ValidationError(message, code="unreadable_name", params={"code": f"{ord(hidden):04X}"})
    if not name.strip(JOINERS):
        raise ValidationError(_("Enter a name."), code="empty_name")
    if len(name) > LONGEST:
        message = _("A name has at most %(longest)s characters; this one has %(length)s.")
        raise ValidationError(message, code="long_name", params={"longest": LONGEST, "length": len(name)})
    return name
