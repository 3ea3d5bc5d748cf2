"""Where each context's pages hang."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from motcua.config.api import api
from motcua.kernel import health
from motcua.kernel.accounts import views as accounts

kernel_pages: tuple[list[URLPattern | URLResolver], str] = (
    [
        path("dang-nhap/", accounts.sign_in, name="sign_in"),
        path("dang-xuat/", accounts.sign_out, name="sign_out"),
        path("", include("motcua.kernel.web.urls")),
    ],
    "kernel",
)

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", api.urls),
    path("", include(kernel_pages)),
    path("quay/", include("motcua.counter.urls")),
    path("thu-phi/", include("motcua.counter.urls_cashier")),
    path("ho-so/", include("motcua.dossiers.urls")),
    path("dien-tap/", include("motcua.dossiers.urls_rehearsal")),
    path("ho-so-chuyen-tiep/", include("motcua.dossiers.urls_moving")),
    path("thu-tuc/", include("motcua.catalogue.urls")),
    path("quyet-dinh/", include("motcua.catalogue.urls_changes")),
    path("tham-quyen/", include("motcua.catalogue.urls_matrix")),
    path("cau-hinh/", include("motcua.catalogue.urls_configuring")),
    path("quy-trinh/", include("motcua.workflow.urls")),
    path("", include("motcua.payments.urls")),
    path("san-sang/", include("motcua.support.urls")),
    path("", include("motcua.organisation.urls")),
    path("", include("motcua.desk.urls")),
    path("", include("motcua.portal.urls")),
]

handler400 = "motcua.kernel.web.views.bad_request"
handler403 = "motcua.kernel.web.views.forbidden"
handler404 = "motcua.kernel.web.views.not_found"
handler500 = "motcua.kernel.web.views.server_error"
