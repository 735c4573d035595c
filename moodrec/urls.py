"""Every address of the product. What does not say otherwise is for signed-in people only."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from feedback import api as feedback_api
from feedback import erasing, export, favourites, history, saying, undoing
from mlmodel import api as model_api
from mlmodel.page import forgetting
from mlmodel.page import views as model_pages
from moodrec import plex_sign_in, views
from moodrec.jobs import api as jobs_api
from moodrec.pages import (
    about,
    backups,
    invite,
    keys,
    office,
    outbound,
    pwa,
    schedules,
)
from moodrec.pages import jobs as jobs_pages
from moodrec.pages import settings as settings_pages
from plexsync import api as plex_api
from plexsync.pages import (
    connect,
    hook,
    library,
    people,
    person,
    pictures,
    play,
    servers,
    trailer,
)
from recommender import (
    api,
    asking,
    doings,
    giving,
    guests,
    joining,
    pages,
    tonight_list,
    unlocking,
)
from recommender.library import api as library_api
from recommender.library import page as library_page
from recommender.title import household as title_household
from recommender.title import page as title_page
from recommender.title import why_page as title_why

api_patterns = [
    path("", views.ApiRoot.as_view(), name="api-root"),
    path("media", library_api.MediaList.as_view(), name="api-media"),
    path("media/<str:rating_key>", library_api.MediaDetail.as_view(), name="api-media-detail"),
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
    path("", asking.tonight, name="tonight"),
    path("fits", asking.fitting, name="fits"),
    path("unlock/<slug:slug>", unlocking.unlock, name="unlock"),
    path("guests", guests.guests, name="guests"),
    path("guests/invite", guests.invite, name="guests-invite"),
    path("guests/end", guests.end, name="guests-end"),
    path("join/<str:token>", joining.join, name="join"),
    path("join/<str:token>/now", joining.now, name="join-now"),
    path("join/<str:token>/posters/<int:pk>/<int:width>", joining.poster, name="join-poster"),
    path("asks/<uuid:pk>", pages.three, name="three"),
    path("asks/<uuid:pk>/spin", pages.spin, name="spin"),
    path("history", history.history, name="history"),
    path("favorites", favourites.favorites, name="favorites"),
    path("library", library_page.library, name="library"),
    path("titles/<int:pk>", title_page.title, name="title"),
    path("titles/<int:pk>/household", title_household.household, name="title-household"),
    path("titles/<int:pk>/why", title_why.why_not, name="title-why"),
    path("titles/<int:pk>/loosen", title_why.loosen, name="title-loosen"),
    path("titles/<int:pk>/dismiss", title_page.dismiss, name="title-dismiss"),
    path("titles/<int:pk>/play", play.play, name="play"),
    path("titles/<int:pk>/trailer", trailer.trailer, name="trailer"),
    path("titles/<int:pk>/favorite", favourites.toggle_favorite, name="toggle-favorite"),
    path("suggestions/<int:pk>/talk", saying.talk, name="talk"),
    path("suggestions/<int:pk>/feedback", saying.say, name="say"),
    path("suggestions/<int:pk>/not-watched", saying.not_watched, name="not-watched"),
    path("suggestions/<int:pk>/card", doings.card, name="card"),
    path("suggestions/<int:pk>/away", doings.put_away, name="put-away"),
    path("suggestions/<int:pk>/bring-back", doings.bring_back, name="bring-back"),
    path("suggestions/<int:pk>/open", doings.choose, name="choose"),
    path("suggestions/<int:pk>/not-chosen", doings.unchoose, name="unchoose"),
    path("suggestions/<int:pk>/play", doings.play, name="play-suggestion"),
    path("suggestions/<int:pk>/list", tonight_list.put_on_list, name="put-on-list"),
    path("answers/<int:pk>/delete", saying.unsay, name="unsay"),
    path("undo/<str:key>", undoing.undo, name="undo"),
    path("my-data", erasing.my_data, name="my-data"),
    path("my-data/export.json", export.export, {"form": "json"}, name="export-json"),
    path("my-data/export.csv", export.export, {"form": "csv"}, name="export-csv"),
    path("my-data/delete", forgetting.delete_my_data, name="delete-my-data"),
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
    path("people/<int:pk>/rename", person.rename, name="people-rename"),
    path("people/<int:pk>", person.person, name="person"),
    path("people/<int:pk>/cap", person.cap, name="person-cap"),
    path("people/<int:pk>/pin", person.pin, name="person-pin"),
    path("people/<int:pk>/remove", person.remove, name="person-remove"),
    path("people/<int:pk>/invite", invite.invite, name="person-invite"),
    path("people/<int:pk>/close", invite.close, name="person-close"),
    path("people/<int:pk>/open", invite.reopen, name="person-open"),
    path("people/<int:pk>/same", people.same, name="people-same"),
    path("plex/hook/<str:secret>", hook.hook, name="plex-hook"),
    path("posters/<int:pk>/<int:width>", pictures.poster, name="poster"),
    path("art/<int:pk>/<int:width>", pictures.art, name="art"),
    path("giving-back", giving.giving, name="giving"),
    path("giving-back/switch", giving.switch, name="giving-switch"),
    path("giving-back/refresh", giving.refresh, name="giving-refresh"),
    path("giving-back/language", giving.choose_language, name="giving-language"),
    path("giving-back/remove", giving.remove, name="giving-remove"),
    # settings
    path("settings", settings_pages.settings, name="settings"),
    path("settings/look", settings_pages.look, name="look"),
    path("settings/language", login_not_required(set_language), name="set_language"),
    path("settings/leaving", outbound.leaving, name="leaving"),
    path("settings/schedules", schedules.schedules, name="schedules"),
    path("settings/keys", keys.keys, name="keys"),
    path("settings/keys/make", keys.make, name="key-make"),
    path("settings/keys/<str:key>/revoke", keys.revoke, name="key-revoke"),
    path("settings/backups", backups.backups, name="backups"),
    path("settings/backups/make", backups.make, name="backup-make"),
    path("settings/backups/<str:name>", backups.download, name="backup-download"),
    path("settings/backups/<str:name>/delete", backups.delete, name="backup-delete"),
    path("settings/about", about.about, name="about"),
    path("settings/about/<str:key>", about.paper, name="paper"),
    path("jobs", jobs_pages.jobs, name="jobs"),
    path("jobs/<int:pk>", jobs_pages.job, name="job"),
    path("jobs/<int:pk>/cancel", jobs_pages.cancel, name="job-cancel"),
    path("jobs/<str:kind>/now", jobs_pages.kind, name="job-kind"),
    path("jobs/<str:kind>/run", jobs_pages.run, name="job-run"),
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
    # the app on a device
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service-worker"),
    path("offline", pwa.offline, name="offline"),
    # operations
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", office.front, name="office"),
    path("admin/", admin.site.urls),
]

handler400 = "moodrec.pages.errors.bad_request"
handler500 = "moodrec.pages.obstacles.broken"
