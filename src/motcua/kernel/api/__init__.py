"""What every API of the product shares: who asks, how refusals look, one effect for one key, the document.

Contexts bring routers; `config.api` mounts them on one `ProductAPI`.
"""

from motcua.kernel.api.application import ProductAPI
from motcua.kernel.api.bearer import BearerToken
from motcua.kernel.api.pages import Cursor, Limit, after
from motcua.kernel.api.texts import Code, Day, Id, Instant, Line, Text

__all__ = [
    "BearerToken",
    "Code",
    "Cursor",
    "Day",
    "Id",
    "Instant",
    "Limit",
    "Line",
    "ProductAPI",
    "Text",
    "after",
]
