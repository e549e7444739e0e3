"""Django's classes that its type stubs make generic, so that `ModelAdmin[Place]` can be written.

Django knows no types. What django-stubs offers instead patches forty of its classes, and loads feeds,
sitemaps and the admin into every process for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as ModelAdmin
    from django.contrib.admin import StackedInline as StackedInline
    from django.forms import ModelForm as ModelForm
else:
    from django import forms
    from django.contrib import admin

    class Generic:
        """While the site runs `ModelAdmin[Place]` is `ModelAdmin`."""

        def __class_getitem__(cls, types: Any) -> type[Self]:
            return cls

    class ModelAdmin(Generic, admin.ModelAdmin):
        pass

    class StackedInline(Generic, admin.StackedInline):
        pass

    class ModelForm(Generic, forms.ModelForm):
        pass
