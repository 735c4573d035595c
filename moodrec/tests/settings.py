"""The product's settings, with a cheap password hash (no test is about it) and a database file."""

from moodrec.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# in a file, as the product's is: in memory, threads would not meet the locks they meet at home
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405

# looks for a file when it is asked for: else every test's client lists all of them
WHITENOISE_AUTOREFRESH = True
