"""Start-up checks: a wrong setting stops the start with a sentence and an id."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def settings_are_usable(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Every setting that `env` could not read, as an error."""
    return [
        Error(f"{problem.name} {problem.message}; it is {problem.value!r}.", id=problem.check_id)
        for problem in settings.ENV_PROBLEMS
    ]
