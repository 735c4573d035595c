"""`manage.py makemessages`: Django's own, which also finds what stands in `phrase` and `phrases`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=phrase:1",
        "--keyword=phrases:1,2",
    ]
