"""What may happen: what somebody wants, and what the world tells."""

from kiosk.domain.intents import Intent
from kiosk.domain.news import News

Event = Intent | News
