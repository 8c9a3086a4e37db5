"""The API of the knowledge base."""

from django.urls import URLPattern, path

from knowledge.api import keeping, reading, sections, writing

urlpatterns: list[URLPattern] = [
    path("articles/", reading.Articles.as_view(), name="api_articles"),
    path("articles/<int:article_id>/", reading.OneArticle.as_view(), name="api_article"),
    path("articles/<int:article_id>/feedback/", reading.Helped.as_view(), name="api_article_feedback"),
    path("articles/<int:article_id>/place/", keeping.Place.as_view(), name="api_place_article"),
    path("articles/<int:article_id>/archive/", keeping.ArchiveArticle.as_view(), name="api_archive_article"),
    path("articles/<int:article_id>/restore/", keeping.RestoreArticle.as_view(), name="api_restore_article"),
    path("articles/<int:article_id>/editions/", writing.Translations.as_view(), name="api_add_edition"),
    path("articles/<int:article_id>/images/", keeping.Images.as_view(), name="api_article_images"),
    path("editions/", writing.Editions.as_view(), name="api_editions"),
    path("editions/<int:edition_id>/", writing.OneEdition.as_view(), name="api_edition"),
    path("editions/<int:edition_id>/versions/", writing.Versions.as_view(), name="api_versions"),
    path("editions/<int:edition_id>/review/", writing.Review.as_view(), name="api_review_edition"),
    path("editions/<int:edition_id>/send-back/", writing.SendBack.as_view(), name="api_send_back"),
    path("editions/<int:edition_id>/publish/", writing.Publish.as_view(), name="api_publish_edition"),
    path("editions/<int:edition_id>/withdraw/", writing.Withdraw.as_view(), name="api_withdraw_edition"),
    path("sections/", sections.Sections.as_view(), name="api_sections"),
    path("sections/<int:section_id>/", sections.OneSection.as_view(), name="api_section"),
    path("sections/<int:section_id>/archive/", sections.ArchiveSection.as_view(), name="api_archive_section"),
    path("sections/<int:section_id>/restore/", sections.RestoreSection.as_view(), name="api_restore_section"),
    path("searches-in-vain/", keeping.MissedSearches.as_view(), name="api_missed_searches"),
    path("searches-in-vain/<int:missed_id>/", keeping.OneMissedSearch.as_view(), name="api_missed_search"),
]
