"""The names of the Tabler outline icons the product uses; set-up puts exactly these into one sprite.

Add a name here, run `motcua setup`, and `{% icon "name" %}` draws it.
"""

from __future__ import annotations

_NAMES = """
    adjustments-horizontal alert-circle alert-triangle archive arrow-back-up arrow-down arrow-forward-up
    arrow-left arrow-right arrow-up arrows-exchange arrows-join arrows-sort arrows-split ban barcode
    bell bolt book bookmark books building building-bank building-community building-store calendar
    calendar-due calendar-event calendar-time cash certificate chart-bar check checklist checks
    chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dot circle-minus
    circle-plus circle-x clipboard-check clipboard-list clock clock-exclamation clock-pause cloud-upload
    coin coins copy database-off device-floppy door door-enter door-exit dots download edit
    external-link eye eye-off file-check file-plus file-search file-text file-x files filter flag folder
    gavel git-branch git-merge hand-stop help history home home-2 hourglass id id-badge-2 inbox
    info-circle keyboard language layout-list license lifebuoy link list list-check list-details
    list-search lock login logout mail mail-forward map-pin menu-2 message messages minus package
    paperclip pencil phone player-pause player-play player-skip-forward plus printer qrcode receipt
    refresh report rotate route rubber-stamp scale scan search select send settings shield shield-check
    shield-lock signature sitemap speakerphone square-check star stopwatch table tag ticket timeline
    timeline-event trash truck-delivery upload user user-check user-circle user-plus users wallet
    wifi-off world writing-sign x
"""
ICONS: tuple[str, ...] = tuple(_NAMES.split())
