#!/usr/bin/env python
"""Run MoodRec's commands: `manage.py help` lists them."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodrec.settings")
    from moodrec.prepare import command_line  # it reads the settings

    command_line(sys.argv)
