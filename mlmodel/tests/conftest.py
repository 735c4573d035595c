"""What several tests of the model start from."""

import pytest

from mlmodel.records import Title
from mlmodel.training import Model, train

TITLES = [Title(id=str(n), title=f"Title {n}", year=1990 + n, genres=("Drama",)) for n in range(8)]


@pytest.fixture(scope="session")
def model() -> Model:
    """Learnt over a few titles, from no answers."""
    return train([], TITLES)
