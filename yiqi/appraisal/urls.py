"""Addresses of the appraisal app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiqi.appraisal.views import (
    cells,
    frameworks,
    indicators,
    leagues,
    lists,
    observations,
    rounds,
    standings,
    supports,
)

app_name = "appraisal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("standings/", standings.show_standings, name="standings"),
    path("gaps/", cells.list_gaps, name="list_gaps"),
    path("rounds/", lists.list_rounds, name="list_rounds"),
    path("rounds/new/", rounds.start_round, name="run_round"),
    path("rounds/<int:pk>/", rounds.show_round, name="show_round"),
    path("rounds/<int:pk>/publish/", rounds.publish, name="publish_round"),
    path("standings/<int:pk>/<str:code>/", cells.show_region, name="show_region"),
    path("standings/<int:pk>/<str:code>/<int:indicator>/", cells.show_cell, name="show_cell"),
    path("frameworks/", lists.list_frameworks, name="list_frameworks"),
    path("frameworks/<int:pk>/", frameworks.show_framework, name="show_framework"),
    path("frameworks/<int:pk>/activate/", frameworks.activate, name="activate_framework"),
    path("frameworks/indicators/<int:pk>/", indicators.show_indicator, name="show_indicator"),
    path("frameworks/indicators/<int:pk>/report/", indicators.report, name="report_value"),
    path("frameworks/indicators/<int:pk>/target/", indicators.change_target, name="set_target"),
    path("frameworks/indicators/<int:pk>/supports/", supports.edit_supports, name="edit_supports"),
    path("observations/", lists.list_observations, name="list_observations"),
    path("observations/waiting/", lists.list_waiting, name="list_waiting"),
    path("observations/<int:pk>/", observations.show_observation, name="show_observation"),
    path("observations/imports/", lists.list_imports, name="list_imports"),
    path("observations/imports/new/", leagues.upload, name="upload_league"),
    path("observations/imports/<int:pk>/", leagues.show_import, name="show_import"),
    path("observations/imports/<int:pk>/apply/", leagues.apply, name="apply_import"),
    path("observations/imports/<int:pk>/discard/", leagues.discard, name="discard_import"),
]
