"""What visitors fill in."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from weatherapp.delivery.addresses import (
    LONGEST_ADDRESS,
    AddressError,
    AddressTooLongError,
    ForeignLettersError,
    parse_address,
)

INCOMPLETE = _("Enter a whole address, like name@example.org.")
TOO_LONG = _("This address is longer than mail servers accept.")
REFUSALS = {
    AddressTooLongError: TOO_LONG,
    ForeignLettersError: _(
        "Before the @ only the letters a to z without accents, digits and signs work here: "
        "many mail servers take no others."
    ),
}


class SubscribeForm(forms.Form):
    """The address as mail is sent to it, or a reason that its owner can act on."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Enter the address that alerts should go to."),
            "max_length": TOO_LONG,
            "null_characters_not_allowed": INCOMPLETE,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        try:
            return parse_address(self.cleaned_data["email"]).email
        except AddressError as error:
            raise ValidationError(str(REFUSALS.get(type(error), INCOMPLETE))) from error
