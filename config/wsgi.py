"""What the web server loads."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# The apps are loaded from here on, and the search with them.
from kb.search import registry  # noqa: E402

# The dictionary and the index, before the first person asks: otherwise that search takes a third of a second longer.
threading.Thread(target=registry.engine().warm, name="warm", daemon=True).start()
