"""Run a command with YIQI_DATABASE_URL naming the throw-away server that ``pg_virtualenv`` started."""

from __future__ import annotations

import os
import sys
from urllib.parse import quote

user, password = os.environ["PGUSER"], os.environ["PGPASSWORD"]
host, port = os.environ["PGHOST"], os.environ["PGPORT"]
os.environ["YIQI_DATABASE_URL"] = f"postgresql://{quote(user)}:{quote(password)}@{host}:{port}/postgres"
os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command line is ours
