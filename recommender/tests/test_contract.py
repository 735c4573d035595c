"""What the OpenAPI document and the command's help say of GET /recommend is what it takes and answers."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser
from rest_framework.test import APIClient

from moodrec.tests import builders as build
from plexsync.models import Episode, MediaItem
from recommender.api import RecommendInput
from recommender.management.commands.recommend import Command
from recommender.schema import RecommendOutput

pytestmark = pytest.mark.django_db


def promised(answer: dict[str, Any]) -> dict[str, Any]:
    """What the document makes of an answer: a field it lacks is gone, one that is missing is an error."""
    found: dict[str, Any] = json.loads(json.dumps(RecommendOutput(answer).data))
    return found


def test_the_document_tells_every_field_of_three_titles(
    api: APIClient, films: list[MediaItem]
) -> None:
    answer = api.get("/recommend", {"vibe": "funny"}).json()
    assert len(answer["suggestions"]) == 3
    assert promised(answer) == answer


def test_the_document_tells_the_episode_that_comes_next(api: APIClient) -> None:
    series = build.series()
    Episode.objects.create(item=series, rating_key="7", season=1, number=1, title="Pilot")
    answer = api.get("/recommend", {"type": "show"}).json()
    assert answer["suggestions"][0]["next_episode"]["title"] == "Pilot"
    assert promised(answer) == answer


def test_the_document_tells_what_may_be_loosened(api: APIClient, films: list[MediaItem]) -> None:
    answer = api.get("/recommend", {"vibe": "scary", "minutes": "40"}).json()
    assert answer["relax"]
    assert promised(answer) == answer


def test_the_document_names_every_parameter_and_what_it_means(tmp_path: Path) -> None:
    call_command("spectacular", file=str(tmp_path / "schema.json"), format="openapi-json")
    document = json.loads((tmp_path / "schema.json").read_text())
    told = document["paths"]["/recommend/"]["get"]["parameters"]
    assert {each["name"] for each in told} == set(RecommendInput().fields)
    assert all(each["description"] for each in told)
    order = next(each for each in told if each["name"] == "order")
    assert order["schema"]["enum"] == ["first", "any"]


def test_the_help_of_the_command_explains_every_parameter() -> None:
    parser = CommandParser()
    Command().add_arguments(parser)
    told = " ".join(parser.format_help().split())
    for name, field in RecommendInput().fields.items():
        assert f"--{name.replace('_', '-')}" in told
        assert str(field.help_text) in told


def test_the_command_takes_what_the_api_takes_and_answers_the_same(
    films: list[MediaItem], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("recommend", "--vibe", "funny,romantic", "--minutes", "120", "--count", "1")
    answer = json.loads(capsys.readouterr().out)
    assert answer["mood"]["vibe"] == ["funny", "romantic"]
    assert answer["mood"]["minutes"] == 120
    assert len(answer["suggestions"]) == 1
    assert promised(answer) == answer


def test_the_command_refuses_as_the_api_does_naming_the_parameter() -> None:
    with pytest.raises(CommandError, match=r"minutes: .*; order: .*last"):
        call_command("recommend", "--order", "last", "--minutes", "soon")
