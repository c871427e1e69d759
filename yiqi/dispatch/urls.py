"""Addresses of the dispatch app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiqi.dispatch.views import directives, forces, giving, lists, meeting, reports, steps, weeks

app_name = "dispatch"
urlpatterns: list[URLPattern | URLResolver] = [
    path("weeks/", lists.list_weeks, name="list_weeks"),
    path("weeks/open/", weeks.start_week, name="open_week"),
    path("weeks/<int:pk>/", meeting.show_week, name="show_week"),
    path("weeks/<int:pk>/add/", meeting.add, name="add_item"),
    path("weeks/<int:pk>/redraw/", weeks.redraw, name="redraw_week"),
    path("weeks/<int:pk>/close/", weeks.finish_week, name="close_week"),
    path("weeks/<int:pk>/minutes/", weeks.show_minutes, name="show_minutes"),
    path("weeks/<int:pk>/minutes/<str:form>/", weeks.export_minutes, name="export_minutes"),
    path("weeks/<int:pk>/items/<int:item>/", meeting.show_item, name="show_item"),
    path("weeks/<int:pk>/items/<int:item>/decide/", meeting.decide, name="decide_item"),
    path("weeks/<int:pk>/items/<int:item>/give/", meeting.give, name="give_from_item"),
    path("directives/", directives.list_directives, name="list_directives"),
    path("directives/mine/", directives.list_mine, name="list_mine"),
    path("directives/new/", giving.start_directive, name="give_directive"),
    path("directives/<int:pk>/", steps.show_directive, name="show_directive"),
    path("directives/<int:pk>/extension/", steps.ask_for_time, name="ask_extension"),
    path("directives/<int:pk>/extension/<int:extension>/", steps.answer_extension, name="decide_extension"),
    path("directives/<int:pk>/<slug:step>/", steps.move_directive, name="move_directive"),
    path("directives/<int:pk>/files/<uuid:file>/", directives.download_file, name="download_file"),
    path("forces/", forces.list_forces, name="list_forces"),
    path("forces/new/", forces.found_force, name="create_force"),
    path("forces/<int:pk>/", forces.show_force, name="show_force"),
    path("load/", lists.show_load, name="show_load"),
    path("reports/", lists.list_reports, name="list_reports"),
    path("reports/new/", reports.start_report, name="draft_report"),
    path("reports/<int:pk>/", reports.show_report, name="show_report"),
    path("reports/<int:pk>/edit/", reports.change_report, name="edit_report"),
    path("reports/<int:pk>/sign/", reports.confirm_signature, name="sign_report"),
    path("reports/<int:pk>/facts/<str:key>/", reports.show_fact, name="show_fact"),
    path("reports/<int:pk>/export/<str:form>/", reports.export_report, name="export_report"),
]
