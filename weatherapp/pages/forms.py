"""What visitors fill in."""

from __future__ import annotations

from django import forms


class SubscribeForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={
            "required": "Enter the address that alerts should go to.",
            "invalid": "Enter a whole address, like name@example.org.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
