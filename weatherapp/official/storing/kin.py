"""Which stored messages of a source are about the same things, without reading them whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from weatherapp.models import WarningSource
from weatherapp.official.events.grouping import Sets


def list_kin(source: WarningSource, message_ids: Collection[int]) -> list[list[int]]:
    """Ids of messages that are to be folded together, each set once, the oldest message first.

    All kin of `message_ids`; one query, of names alone.
    """
    wanted = set(message_ids)
    if not wanted:
        return []
    rows = list(source.messages.order_by("sent_at", "pk").values_list("pk", "links").iterator())
    sets = Sets()
    for _, links in rows:
        sets.join(links)
    touched = {sets.find(links[0]) for pk, links in rows if pk in wanted}
    members: defaultdict[str, list[int]] = defaultdict(list)
    for pk, links in rows:
        if (name := sets.find(links[0])) in touched:
            members[name].append(pk)
    return list(members.values())
