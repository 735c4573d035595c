"""Every address of the product. What does not say otherwise is for signed-in people only."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from feedback import api as feedback_api
from feedback import views as feedback_pages
from mlmodel import api as model_api
from mlmodel import views as model_pages
from moodrec import views
from moodrec.jobs import api as jobs_api
from plexsync import api as plex_api
from plexsync.pages import connect, library, pictures
from recommender import api, pages

api_patterns = [
    path("", views.ApiRoot.as_view(), name="api-root"),
    path("media", api.MediaList.as_view(), name="api-media"),
    path("media/<str:rating_key>", api.MediaDetail.as_view(), name="api-media-detail"),
    path("asks", feedback_api.AskList.as_view(), name="api-asks"),
    path("asks/<uuid:pk>", feedback_api.AskDetail.as_view(), name="api-asks-detail"),
    path("favorites", feedback_api.FavoriteView.as_view(), name="api-favorites"),
    path("viewers", feedback_api.ViewerList.as_view(), name="api-viewers"),
    path("jobs", jobs_api.JobList.as_view(), name="api-jobs"),
    re_path(r"^jobs/(?P<pk>\d{1,18})/?$", jobs_api.JobDetail.as_view(), name="api-jobs-detail"),
    path("sync", plex_api.SyncView.as_view(), name="api-sync"),
    path("models", model_api.ModelList.as_view(), name="api-models"),
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]

urlpatterns = [
    # the three of the contract: with or without a trailing slash
    re_path(r"^recommend/?$", api.RecommendView.as_view(), name="api-recommend"),
    re_path(r"^feedback/?$", feedback_api.FeedbackView.as_view(), name="api-feedback"),
    re_path(r"^train/?$", model_api.TrainView.as_view(), name="api-train"),
    path("api/", include(api_patterns)),
    # pages
    path("", pages.tonight, name="tonight"),
    path("asks/<uuid:pk>", pages.three, name="three"),
    path("asks/<uuid:pk>/spin", pages.spin, name="spin"),
    path("history", feedback_pages.history, name="history"),
    path("favorites", feedback_pages.favorites, name="favorites"),
    path("titles/<int:pk>/favorite", feedback_pages.toggle_favorite, name="toggle-favorite"),
    path("suggestions/<int:pk>/feedback", feedback_pages.say, name="say"),
    path("model", model_pages.model, name="model"),
    path("model/train", model_pages.train, name="model-train"),
    path("model/<int:number>/activate", model_pages.activate, name="model-activate"),
    path("connect", connect.connect, name="connect"),
    path("connect/demo", connect.connect_demo, name="connect-demo"),
    path("sync", library.sync, name="sync"),
    path("posters/<int:pk>/<int:width>", pictures.poster, name="poster"),
    # the way in
    path("welcome/<str:token>", views.welcome, name="welcome"),
    path("owner", views.owner, name="owner"),
    path(
        "sign-in",
        login_not_required(auth.LoginView.as_view(template_name="sign_in.html")),
        name="sign-in",
    ),
    path("sign-out", auth.LogoutView.as_view(), name="sign-out"),
    # operations
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
