"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# only now: what it needs stands when the application does
from kb.search import registry  # noqa: E402

registry.warm_beside()
