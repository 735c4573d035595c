"""The jobs over HTTP: how far the worker is."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moodrec.jobs import queue
from moodrec.jobs.models import Job

NEWEST = 50


def queued(kind: str, **arguments: bool) -> Response:
    """Ask for a job of this kind and answer 202 with its address."""
    job = queue.request(kind, **arguments).as_json()
    return Response({name: job[name] for name in ("job", "state", "url")}, status=202)


def _visible(user: Any) -> QuerySet[Job]:
    """All jobs for the owner; for others those that say nothing of anybody."""
    jobs = Job.objects.all()
    return jobs if user.is_staff else jobs.filter(kind__in=settings.JOBS_FOR_ALL)


def _told(job: Job, user: Any) -> dict[str, Any]:
    """Return a job; its details name libraries, which Plex may not share with whoever asks."""
    return job.as_json() if user.is_staff else {**job.as_json(), "detail": ""}


class JobList(APIView):
    """The newest background jobs."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="jobs_list")
    def get(self, request: Request) -> Response:
        return Response([_told(job, request.user) for job in _visible(request.user)[:NEWEST]])


class JobDetail(APIView):
    """One background job: its state, progress and result."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="jobs_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        job: Any = get_object_or_404(_visible(request.user), pk=pk)
        return Response(_told(job, request.user))
