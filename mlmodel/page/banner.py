"""What every page knows about the model: whether the owner must be told of it."""

from django.http import HttpRequest

from mlmodel import serving


def model_trouble(request: HttpRequest) -> dict[str, object]:
    """Give templates what is wrong with the model; asked of the database only where one reads it."""
    return {"model_trouble": serving.trouble}
