"""What somebody is called here."""

from django import forms
from django.utils.translation import gettext_lazy


class NameForm(forms.Form):
    """A name, as people write it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
