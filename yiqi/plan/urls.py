"""Addresses of the plan app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiqi.plan.views import board, campaigns, imports, lists, progress, tasks

app_name = "plan"
urlpatterns: list[URLPattern | URLResolver] = [
    path("week/", lists.show_week, name="my_week"),
    path("campaign/", campaigns.show_campaign, name="show_campaign"),
    path("campaign/new/", campaigns.create_campaign, name="create_campaign"),
    path("campaign/goals/new/", campaigns.add_goal, name="add_goal"),
    path("campaign/actions/new/", campaigns.add_action, name="add_action"),
    path("campaign/<slug:step>/", campaigns.move_campaign, name="move_campaign"),
    path("tasks/", board.board, name="board"),
    path("tasks/new/", tasks.create_task, name="create_task"),
    path("tasks/import/", imports.upload_tasks, name="upload_tasks"),
    path("tasks/import/<int:pk>/", imports.show_import, name="show_import"),
    path("tasks/import/<int:pk>/apply/", imports.apply_import, name="apply_import"),
    path("tasks/import/<int:pk>/discard/", imports.discard_import, name="discard_import"),
    path("tasks/<int:pk>/", tasks.show_task, name="show_task"),
    path("tasks/<int:pk>/edit/", tasks.edit_task, name="edit_task"),
    path("tasks/<int:pk>/report/", progress.report_progress, name="report_progress"),
    path("tasks/<int:pk>/verify/", tasks.verify_task, name="verify_task"),
    path("tasks/<int:pk>/nodes/new/", tasks.add_milestone, name="add_milestone"),
    path("tasks/<int:pk>/<slug:step>/", tasks.move_task, name="move_task"),
    path("nodes/<int:pk>/edit/", tasks.edit_milestone, name="edit_milestone"),
    path("nodes/<int:pk>/remove/", tasks.remove_milestone, name="remove_milestone"),
    path("progress/", lists.list_progress, name="list_progress"),
    path("progress/<int:pk>/", progress.show_progress, name="show_progress"),
    path("progress/<int:pk>/edit/", progress.edit_progress, name="edit_progress"),
    path("progress/<int:pk>/review/", progress.review_progress, name="review_progress"),
    path("progress/<int:pk>/files/<uuid:attachment>/", progress.download_attachment, name="download_attachment"),
]
