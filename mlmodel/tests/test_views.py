"""The model page: what it says of the version in use, and what its buttons do."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.models import Feedback
from mlmodel import registry
from mlmodel.models import FreshStart, ModelVersion
from mlmodel.records import Title
from mlmodel.tests.test_charts import METRICS
from mlmodel.training import train
from moodrec.jobs.models import Job
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ModelVersion:
    """A version in use that can be loaded."""
    model = train([], [Title(id="1", title="Alien", genres=("Horror",))])
    return builders.published(model)


def page(client: Client, user: User | None = None) -> str:
    client.force_login(user or builders.owner())
    return " ".join(client.get("/model").content.decode().split())


def belief(trait: str, logit: float = 0.47, **fields: Any) -> dict[str, Any]:
    return {"trait": trait, "logit": logit, "odds": 1.6, "answers": 4, **fields}


@pytest.fixture
def answers(ada: User, ben: User) -> dict[str, Feedback]:
    """What Ada, the owner, and Ben said; each of one film."""
    return {
        user.viewer.slug: builders.feedback(
            builders.title(f"Film of {user.viewer.name}"), viewer=user.viewer
        )
        for user in (ada, ben)
    }


@pytest.fixture
def rich(version: ModelVersion, answers: dict[str, Feedback]) -> ModelVersion:
    """A version of which everything is known."""
    version.metrics = {
        **METRICS,
        "held_out": 31.0,
        "sources": {"feedback": 40, "plex": 1, "passed": 0},
        "model": {"auc": 0.78, "ndcg3": 0.8, "p3": 0.7, "log_loss": 0.5},
        "prior": {"auc": 0.66, "ndcg3": None, "p3": 0.5, "log_loss": 0.6},
        "random": {"auc": 0.5},
        "hits": {"learned": {"picked": 31, "enjoyed": 24}, "prior": {"picked": 0}},
    }
    version.insight = {
        "rules": 0.6,
        "household": [belief("genre comedy")],
        "viewers": {
            "ada": [belief("director Agnès Varda")],
            "ben": [belief("director <b>Bong</b>", -0.4)],
        },
        "moments": [belief("length 90", when="mood:funny")],
        "moved": [
            {"origin": row.pk, "score": 0.7, "without": 0.4, "logit": 1.2}
            for row in answers.values()
        ],
    }
    version.save()
    return version


def test_the_version_in_use_is_marked(client: Client, version: ModelVersion) -> None:
    text = page(client)
    assert "Your household’s own model" in text
    assert '<span class="mark">in use</span>' in text


def test_a_version_that_can_t_be_believed_is_told_plainly(
    client: Client, version: ModelVersion
) -> None:
    ModelVersion.objects.filter(pk=version.pk).update(artifact=b"rubbish")
    text = page(client)
    assert "The house rules" in text
    assert "Version 1 cannot be used" in text
    assert "train again" in text
    assert '<span class="mark">in use</span>' not in text


def test_a_version_that_can_t_be_used_is_not_offered_and_not_put_to_use(
    client: Client, version: ModelVersion
) -> None:
    bad = builders.version(7)
    text = page(client)
    assert '<span class="mark bad">cannot be used</span>' in text
    assert "Use version 7" not in text
    told = client.post(f"/model/{bad.number}/activate", follow=True).content.decode()
    assert "Version 7 can’t be put to use: it is not a model of MoodRec." in told
    assert ModelVersion.objects.get(active=True) == version


def test_while_the_newest_can_t_be_believed_the_page_tells_of_the_one_that_picks(
    client: Client, version: ModelVersion
) -> None:
    model = train([], [Title(id="1", title="Alien")])
    builders.spoil(builders.published(model, answers=12, inputs="y"))
    text = page(client)
    assert "own model</strong>, version 1" in text
    assert "Version 2 cannot be used" in text
    assert text.count('<span class="mark">in use</span>') == 1


def test_a_model_that_is_switched_off_is_told_plainly(
    client: Client, version: ModelVersion
) -> None:
    for _ in range(5):
        builders.feedback()
    registry.reset()
    text = page(client)
    assert "None of the versions below is in use" in text
    assert "wait to be learnt from" not in text


def test_training_now_takes_back_a_rollback(client: Client) -> None:
    client.force_login(builders.owner())
    client.post("/model/train")
    assert Job.objects.get().arguments == {"asked": True}


def test_it_says_how_good_it_is_and_shows_it(client: Client, rich: ModelVersion, ada: User) -> None:
    text = page(client, ada)
    assert "Clearly better</strong> than no learning" in text
    assert "between +3 and +20 of 100" in text
    assert text.count('role="img"') == 2
    assert "40 answers given here" in text
    assert "1 title with stars in Plex" in text
    assert "passed over</li>" not in text
    assert "Of 31 titles that your model picked" in text
    assert "style=" not in text


def test_the_owner_reads_what_is_believed_of_everybody(
    client: Client, rich: ModelVersion, ada: User
) -> None:
    text = page(client, ada)
    assert "Films by Agnès Varda" in text
    assert "Titles of about 90 minutes" in text
    assert "when funny is asked for" in text
    assert "Films by &lt;b&gt;Bong&lt;/b&gt;" in text
    assert text.count("Don’t learn from this") == 2


def test_a_member_reads_of_themselves_and_the_household_only(
    client: Client, rich: ModelVersion, ben: User
) -> None:
    text = page(client, ben)
    assert "Comedy" in text
    assert "Bong" in text
    assert "Varda" not in text
    assert "Film of Ben" in text
    assert "Film of Ada" not in text
    assert "Begin anew" not in text
    assert text.count("Don’t learn from this") == 1


@pytest.mark.parametrize(
    ("metrics", "insight"),
    [
        ({}, {}),
        ({"auc": 0.7, "prior_auc": 0.6, "logloss": 0.5}, {}),
        ({"model": {"auc": None}, "prior": None, "curve": [None], "hits": 3}, {"moved": [None]}),
        ({"model": {"auc": 0.7}}, {"viewers": [], "household": None, "rules": "x"}),
    ],
)
def test_a_version_of_which_little_is_known_has_a_page(
    client: Client, version: ModelVersion, metrics: dict[str, Any], insight: dict[str, Any]
) -> None:
    ModelVersion.objects.filter(pk=version.pk).update(metrics=metrics, insight=insight)
    text = page(client)
    assert "How good is it?" in text
    assert "appears here" in text


def test_an_answer_is_put_aside_and_taken_up_again(
    client: Client, rich: ModelVersion, answers: dict[str, Feedback], ada: User
) -> None:
    row = answers["ada"]
    client.force_login(ada)
    client.post(f"/model/answers/{row.pk}/aside")
    row.refresh_from_db()
    assert not row.teaches
    assert "Learn from it again" in page(client, ada)
    client.post(f"/model/answers/{row.pk}/again")
    row.refresh_from_db()
    assert row.teaches
    assert "Learn from it again" not in page(client, ada)


@pytest.mark.parametrize("way", ["aside", "again"])
def test_a_member_puts_aside_only_their_own_answers(
    client: Client, answers: dict[str, Feedback], ben: User, way: str
) -> None:
    client.force_login(ben)
    assert client.post(f"/model/answers/{answers['ada'].pk}/{way}").status_code == 404
    assert client.post(f"/model/answers/{answers['ben'].pk}/{way}").status_code == 302
    assert Feedback.objects.get(pk=answers["ada"].pk).teaches


def test_the_owner_begins_anew_and_takes_it_back(
    client: Client, version: ModelVersion, answers: dict[str, Feedback], ada: User
) -> None:
    client.force_login(ada)
    client.post("/model/begin-anew")
    assert not ModelVersion.objects.filter(active=True).exists()
    text = page(client, ada)
    assert "Learning began anew on" in text
    assert "0 of 5 answers so far" in text
    assert Feedback.objects.count() == 2
    client.post("/model/take-back")
    assert not FreshStart.objects.exists()
    assert "2 of 5 answers so far" in page(client, ada)


def test_taking_back_twice_does_not_take_back_the_fresh_start_before(
    client: Client, version: ModelVersion
) -> None:
    first = FreshStart.objects.create(at=timezone.now() - timedelta(days=9))
    newest = FreshStart.objects.create()
    assert f'name="start" value="{newest.pk}"' in page(client)
    for _ in range(2):
        client.post("/model/take-back", {"start": newest.pk})
    assert FreshStart.objects.get() == first
    client.post("/model/take-back", {"start": first.pk})
    assert not FreshStart.objects.exists()


def test_the_api_tells_nobody_what_is_believed_of_others(
    client: Client, rich: ModelVersion, ben: User
) -> None:
    client.force_login(ben)
    answer = client.get("/api/models")
    assert answer.status_code == 200
    assert "insight" not in answer.content.decode()
    assert "Varda" not in answer.content.decode()


def test_of_a_tree_a_member_reads_no_question_about_others(
    client: Client, answers: dict[str, Feedback], ben: User
) -> None:
    tree = train([], [Title(id="1", title="Alien")], kind="tree")
    asked = ["viewer:ada|mood scary", "viewer:ben|genre war", "mood:funny|decade 1985", "seen"]
    builders.published(tree, insight={"kind": "tree", "questions": asked})
    text = page(client, ben)
    assert "<li>War films (Ben)</li>" in text
    assert "<li>Titles of the 1980s (when funny is asked for)</li>" in text
    assert "<li>Titles seen before</li>" in text
    assert "Scary titles" not in text


@pytest.mark.parametrize("older", [False, True], ids=["house rules pick", "an older version picks"])
def test_the_owner_of_a_broken_model_is_offered_one_training(
    client: Client, version: ModelVersion, *, older: bool
) -> None:
    """The banner has the button; a member sees no banner, and has the page's own."""
    broken = builders.published(train([], [Title(id="2", title="Heat")])) if older else version
    builders.spoil(broken)
    assert page(client).count(">Train now</button>") == 1
    assert page(client, builders.member()).count(">Train now</button>") == 1


def test_nothing_to_do_is_told_only_while_it_is_news(client: Client, ada: User) -> None:
    """Too few answers an hour ago: by now there may be enough."""
    now = timezone.now()
    job = builders.job("train", state="skipped", finished_at=now, arguments={"asked": True})
    assert "Nothing to do" in page(client, ada)
    job.finished_at = now - timedelta(hours=1)
    job.save()
    assert "Nothing to do" not in page(client, ada)


def test_that_the_schedule_found_nothing_to_do_is_no_news(client: Client, ada: User) -> None:
    builders.job("train", state="skipped", finished_at=timezone.now())
    assert "Nothing to do" not in page(client, ada)
