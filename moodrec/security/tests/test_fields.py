"""The encrypted column: plain in Python, a Fernet token in the database."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from moodrec.security.fields import EncryptedTextField
from moodrec.tests import builders
from plexsync.models import Connection

field: EncryptedTextField = EncryptedTextField()
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM plexsync_connection")
        return str(cursor.fetchone()[0])


@given(texts)
def test_a_secret_comes_back_as_it_went_in(secret: str) -> None:
    assert field.from_db_value(field.get_prep_value(secret), None, None) == secret


@given(texts.filter(lambda text: len(text) > 5))
def test_what_is_stored_does_not_hold_the_secret(secret: str) -> None:
    assert secret not in field.get_prep_value(secret)


@pytest.mark.django_db
def test_the_row_holds_no_secret() -> None:
    builders.connection()
    assert builders.TOKEN not in stored()
    assert Connection.objects.get().token == builders.TOKEN


def test_the_same_secret_is_never_stored_alike() -> None:
    assert field.get_prep_value("secret") != field.get_prep_value("secret")


@pytest.mark.django_db
def test_a_new_key_writes_and_the_old_one_still_reads(settings: Settings) -> None:
    builders.connection()
    settings.DATA_KEYS = [Fernet.generate_key().decode(), *settings.DATA_KEYS]
    row = Connection.objects.get()
    assert row.token == builders.TOKEN
    row.save()
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert Connection.objects.get().token == builders.TOKEN


@pytest.mark.django_db
def test_without_its_key_a_secret_is_as_good_as_missing(settings: Settings) -> None:
    builders.connection()
    settings.DATA_KEYS = [Fernet.generate_key().decode()]
    assert Connection.objects.get().token == ""


@pytest.mark.parametrize("broken", ["", None, "plain text", "gAAAAA"])
def test_what_is_no_fernet_token_reads_as_nothing(broken: str | None) -> None:
    assert field.from_db_value(broken, None, None) == ""
