"""Letters: typst templates (one folder per template version), their kinds, and the way to a PDF."""

from motcua.documents.letters.rendering import TEMPLATE_VERSION, payload_for, render, render_payload

__all__ = ["TEMPLATE_VERSION", "payload_for", "render", "render_payload"]
