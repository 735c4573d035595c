"""`manage.py recommend`: tonight's titles in the terminal, or as the API's JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from feedback.models import Ask
from recommender.api import LISTS, RecommendInput, listed, request_of
from recommender.present import as_json
from recommender.suggest import suggest


class Command(BaseCommand):
    help = "Recommend one to three titles: a table on a terminal, JSON elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, field in RecommendInput().fields.items():
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                action="append" if name in LISTS else "store",
                metavar=_values(name, field),
                help=str(field.help_text),
            )
        parser.add_argument("--json", action="store_true", help="JSON on a terminal too")

    def handle(self, *_args: Any, **options: Any) -> None:
        given: dict[str, Any] = {
            str(name): options[str(name)]
            for name in RecommendInput().fields
            if options[str(name)] is not None
        }
        for name in given.keys() & set(LISTS):
            given[name] = listed(given[name])
        form = RecommendInput(data=given)
        try:
            form.is_valid(raise_exception=True)
            asked = request_of(None, form.validated_data, source=Ask.Source.COMMAND)
        except ValidationError as error:
            raise CommandError(_plain(error.detail)) from error
        answer = as_json(suggest(asked))
        if options["json"] or not self.stdout.isatty():
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_table(answer))


def _values(name: str, field: serializers.Field[Any, Any, Any, Any]) -> str:
    """Return what the help shows as the value; the form checks it, as it does the API's."""
    choices = list(getattr(field, "choices", ()))
    return "{" + ",".join(choices) + "}" if choices else name.upper()


def _plain(detail: Any) -> str:
    if isinstance(detail, dict):
        return "; ".join(f"{name}: {_plain(value)}" for name, value in detail.items())
    if isinstance(detail, list):
        return " ".join(_plain(value) for value in detail)
    return str(detail) if isinstance(detail, ErrorDetail | str) else repr(detail)


def _table(answer: dict[str, Any]) -> str:
    if not answer["suggestions"]:
        ways = [f"{w['answer']} → {w['value']} ({w['matches']} titles)" for w in answer["relax"]]
        return "Nothing fits. " + (
            "Loosen: " + ", ".join(ways)
            if ways
            else "No single answer is to blame: several together rule everything out, or the library is empty."
        )
    lines = [
        f"{s['score']:4.0%}  {s['role'].replace('_', ' '):9}  {s['title']} ({s['year']}), "
        f"{s['runtime_minutes'] or '?'} min\n      " + " ".join(s["reasons"])
        for s in answer["suggestions"]
    ]
    return "\n".join([*lines, f"{answer['remaining']} more fit."])
