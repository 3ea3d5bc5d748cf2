"""Pages of dossiers under /ho-so/. A code always holds a digit; words are pages of their own."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from motcua.dossiers.views import acts, bulk, detail, files, refunds, worklist


class CodeConverter:
    """A dossier's code, opaque but for this: one path segment with a digit in it."""

    regex = r"[^/]*[0-9][^/]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "dossier")

app_name = "dossiers"
urlpatterns: list[URLPattern] = [
    path("", worklist.worklist, name="worklist"),
    path("so-luong/", worklist.counts, name="counts"),
    path("tiep-theo/", worklist.next_one, name="next"),
    path("hang-loat/", bulk.bulk, name="bulk"),
    path("hoan-phi/", refunds.refunds, name="refunds"),
    path("<dossier:code>/", detail.detail, name="detail"),
    path("<dossier:code>/van-ban/<int:letter_id>/", files.letter, name="letter"),
    path("<dossier:code>/van-ban/<int:letter_id>/ky-so/", files.sign_letter, name="sign_letter"),
    path("<dossier:code>/tep/<int:attachment_id>/", files.attachment, name="attachment"),
    *[path(f"<dossier:code>/{page.slug}/", acts.view_of(page), name=page.act.value) for page in acts.PAGES],
]
