"""POST /train and the model's versions over HTTP."""

from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mlmodel.models import ModelVersion
from moodrec.jobs.api import queued
from moodrec.phrases import told


class TrainView(APIView):
    """Learn from the answers so far. While one training waits or runs, it is the one answered."""

    @extend_schema(request=None, responses={202: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        return queued("train", asked=True)


class ToldField(serializers.CharField):
    """A stored sentence in the language of the request."""

    def to_representation(self, value: str) -> str:
        return told(value)


class ModelOutput(serializers.ModelSerializer[ModelVersion]):
    """A version of the model: what it was learnt from, how good it is, whether it scores."""

    verdict = ToldField()

    class Meta:
        model = ModelVersion
        fields: ClassVar = [
            "number", "kind", "examples", "metrics", "active", "verdict", "trained_at",
        ]  # fmt: skip


class ModelList(generics.ListAPIView[ModelVersion]):
    """The versions kept, newest first."""

    queryset = ModelVersion.objects.defer("artifact")
    serializer_class = ModelOutput
