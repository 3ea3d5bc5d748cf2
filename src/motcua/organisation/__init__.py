"""Units, posts, delegations and work calendars."""
