"""What templates need to say whole sentences: parts rendered first, words as a sentence has them."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from weatherapp.alerting.catalogue import translate_name
from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.display.labels import name_quantity_in_sentence, name_quantity_of
from weatherapp.domain.quantities import Quantity
from weatherapp.models import Rule

register = template.Library()


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """`{% capture as name %}...{% endcapture %}`: a part, for a placeholder of blocktranslate.

    Its parts are escaped already, where the template escapes.
    """
    return SafeString(content.strip())


@register.filter
def quantity_in_sentence(quantity: Quantity) -> str:
    return name_quantity_in_sentence(quantity.name)


@register.filter
def quantity_of(quantity: Quantity) -> str:
    return name_quantity_of(quantity.name)


@register.filter
def rule_name(rule: Rule | RuleInForce) -> str:
    """As readers know it: the site's own rules have names in every language."""
    return translate_name(key=rule.key, name=rule.name)
