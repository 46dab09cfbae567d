"""Whether an address is whose account asks for it: a signed link that only its owner can have."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction

from dashboard import audit, models


class _Tokens(PasswordResetTokenGenerator):
    """Django's own for links in letters, of an address instead of a password. No address stands in the link."""

    key_salt = "dashboard.alerts.confirmation"

    def _make_hash_value(self, wish: models.MailWish, timestamp: int) -> str:
        return f"{wish.user_id} {wish.asked} {timestamp}"


_tokens = _Tokens()


def token(wish: models.MailWish) -> str:
    """For the address that is asked; good for three days (Django's PASSWORD_RESET_TIMEOUT)."""
    return _tokens.make_token(wish)


def confirm(wish: models.MailWish, shown: str) -> bool:
    """From now on letters go there. False: the link is of another address, too old, or was used."""
    if not wish.asked or not _tokens.check_token(wish, shown):
        return False
    with transaction.atomic():
        wish.address, wish.asked = wish.asked, ""
        wish.save(update_fields=("address", "asked"))
        audit.note(audit.Act.MAIL_CONFIRMED, wish.user.get_username())
    return True
