"""Password rules whose words Django has not translated."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    """At least ``min_length`` characters."""

    def get_error_message(self) -> str:
        """What Django calls when the password is too short."""
        return _("密码至少要有%(number)s个字符。") % {"number": self.min_length}

    def get_help_text(self) -> str:
        """The rule itself."""
        return self.get_error_message()
