"""POST /api/sync over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moodrec.jobs.api import queued


class SyncView(APIView):
    """Mirror Plex again. While one sync waits or runs, it is the one answered."""

    @extend_schema(request=None, responses={202: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        return queued("sync")
