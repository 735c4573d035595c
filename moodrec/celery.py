"""The Celery application: JSON messages only, one task at a time, a tick every half minute."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodrec.settings")

app = Celery("moodrec")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["moodrec.jobs"])
