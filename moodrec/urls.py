"""Every address of the product. What does not say otherwise is for signed-in people only."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from feedback import api as feedback_api
from feedback import views as feedback_pages
from mlmodel import api as model_api
from mlmodel.page import views as model_pages
from moodrec import plex_sign_in, views
from moodrec.jobs import api as jobs_api
from plexsync import api as plex_api
from plexsync.pages import connect, hook, library, people, pictures, play, servers
from recommender import api, giving, pages

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
    path("titles/<int:pk>/play", play.play, name="play"),
    path("titles/<int:pk>/favorite", feedback_pages.toggle_favorite, name="toggle-favorite"),
    path("suggestions/<int:pk>/feedback", feedback_pages.say, name="say"),
    path("model", model_pages.model, name="model"),
    path("model/train", model_pages.train, name="model-train"),
    path("model/<int:number>/activate", model_pages.activate, name="model-activate"),
    path("model/answers/<int:pk>/aside", model_pages.put_aside, name="model-put-aside"),
    path("model/answers/<int:pk>/again", model_pages.take_up, name="model-take-up"),
    path("model/begin-anew", model_pages.begin_anew, name="model-begin-anew"),
    path("model/take-back", model_pages.take_back, name="model-take-back"),
    path("connect", connect.connect, name="connect"),
    path("connect/demo", connect.connect_demo, name="connect-demo"),
    path("connect/plex", servers.start, name="connect-plex"),
    path("connect/plex/back", servers.back, name="connect-plex-back"),
    path("connect/servers", servers.servers, name="connect-servers"),
    path("disconnect", connect.disconnect, name="disconnect"),
    path("sync", library.sync, name="sync"),
    path("sync/libraries", library.choose, name="libraries"),
    path("sync/libraries/<int:pk>/gone", library.gone, name="library-gone"),
    path("people", people.people, name="people"),
    path("people/look", people.look, name="people-look"),
    path("people/add", people.add, name="people-add"),
    path("people/hook", people.new_hook, name="people-hook"),
    path("people/<int:pk>/switch", people.switch, name="people-switch"),
    path("people/<int:pk>/rename", people.rename, name="people-rename"),
    path("people/<int:pk>/same", people.same, name="people-same"),
    path("plex/hook/<str:secret>", hook.hook, name="plex-hook"),
    path("posters/<int:pk>/<int:width>", pictures.poster, name="poster"),
    path("art/<int:pk>/<int:width>", pictures.art, name="art"),
    path("giving-back", giving.giving, name="giving"),
    path("giving-back/switch", giving.switch, name="giving-switch"),
    path("giving-back/refresh", giving.refresh, name="giving-refresh"),
    path("giving-back/remove", giving.remove, name="giving-remove"),
    # the way in
    path("welcome/<str:token>", views.welcome, name="welcome"),
    path("owner", views.owner, name="owner"),
    path(
        "sign-in",
        login_not_required(plex_sign_in.SignIn.as_view()),
        name="sign-in",
    ),
    path("sign-in/plex", plex_sign_in.start, name="plex-sign-in"),
    path("sign-in/plex/back", plex_sign_in.back, name="plex-sign-in-back"),
    path("sign-out", auth.LogoutView.as_view(), name="sign-out"),
    # operations
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
