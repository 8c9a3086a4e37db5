"""Addresses of the knowledge base: what readers open, what staff write, what admins arrange."""

from django.urls import URLPattern, path

from knowledge.views import articles, editing, reading, reviewing, searches, sections, versions

urlpatterns: list[URLPattern] = [
    path("help/", reading.help_home, name="help"),
    path("help/sections/<int:section_id>/", reading.help_section, name="help_section"),
    path("help/articles/<int:article_id>/", reading.help_article, name="help_article"),
    path("help/articles/<int:article_id>/feedback/", reading.article_feedback, name="article_feedback"),
    path("help/images/<uuid:image_id>/", reading.help_image, name="help_image"),
    path("knowledge/", articles.knowledge, name="knowledge"),
    path("knowledge/new/", editing.new_article, name="new_article"),
    path("knowledge/searches/", searches.missed_searches, name="missed_searches"),
    path(
        "knowledge/searches/<int:missed_id>/settle/",
        searches.settle_search,
        name="settle_search",
    ),
    path("knowledge/<int:article_id>/", articles.article, name="article"),
    path("knowledge/<int:article_id>/place/", articles.place_article, name="place_article"),
    path("knowledge/<int:article_id>/archive/", articles.archive_or_restore, name="archive_article"),
    path("knowledge/<int:article_id>/translate/", editing.translate_article, name="translate_article"),
    path("knowledge/editions/<int:edition_id>/edit/", editing.edit_edition, name="edit_edition"),
    path("knowledge/editions/<int:edition_id>/image/", editing.add_article_image, name="add_article_image"),
    path("knowledge/editions/<int:edition_id>/review/", reviewing.review_edition, name="review_edition"),
    path("knowledge/editions/<int:edition_id>/send-back/", reviewing.send_edition_back, name="send_back"),
    path("knowledge/editions/<int:edition_id>/publish/", reviewing.publish, name="publish_edition"),
    path("knowledge/editions/<int:edition_id>/withdraw/", reviewing.withdraw, name="withdraw_edition"),
    path(
        "knowledge/editions/<int:edition_id>/versions/<int:version_number>/",
        versions.article_version,
        name="article_version",
    ),
    path("console/knowledge/", sections.console_sections, name="console_sections"),
    path("console/knowledge/new/", sections.new_section, name="new_section"),
    path("console/knowledge/<int:section_id>/edit/", sections.edit_section, name="edit_section"),
    path("console/knowledge/<int:section_id>/archive/", sections.archive_or_restore, name="archive_section"),
]
