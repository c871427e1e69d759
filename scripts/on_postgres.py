"""Run a command on the throw-away server that ``pg_virtualenv`` started.

YIQI_DATABASE_URL names it, YIQI_TEST_TEMPLATE a database on it that has all tables: workers copy it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import quote

TEMPLATE = "yiqi_tables"

user, password = os.environ["PGUSER"], os.environ["PGPASSWORD"]
host, port = os.environ["PGHOST"], os.environ["PGPORT"]
server = f"postgresql://{quote(user)}:{quote(password)}@{host}:{port}"
subprocess.run(["createdb", TEMPLATE], check=True)
migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
subprocess.run(migrate, check=True, env={**os.environ, "YIQI_DATABASE_URL": f"{server}/{TEMPLATE}"})
os.environ |= {"YIQI_DATABASE_URL": f"{server}/postgres", "YIQI_TEST_TEMPLATE": TEMPLATE}
os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command line is ours
