"""What is shown of one ticket: its state, its place in the queue, then the answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from weatherapp.forecasting.asking.queue_status import read_broker_lately, read_speed
from weatherapp.forecasting.asking.service_times import estimate_wait_s
from weatherapp.forecasting.asking.waiting import find_position
from weatherapp.models import Place, Prediction, RequestState, Ticket
from weatherapp.pages.hours import HourTable, make_hour_table, night_at
from weatherapp.pages.outlook import Outlook, make_outlook
from weatherapp.pages.replay import Clocks, Replay, describe_replay, read_clocks
from weatherapp.pages.rule_line import read_rules_here
from weatherapp.pages.versions import read_place_version
from weatherapp.pages.waits import Wait, wait_about

LEAST_S = 1  # nothing is promised more finely


@dataclass(frozen=True, slots=True)
class Turn:
    """`estimated_s` is None where nobody can say; `predictors` where Redis does not answer."""

    position: int
    estimated_s: int | None
    predictors: int | None

    @property
    def wait(self) -> Wait | None:
        return None if self.estimated_s is None else wait_about(self.estimated_s)


@dataclass(frozen=True)
class RequestPage:
    """Reads what is asked of it: programs want no table."""

    ticket: Ticket
    now: datetime  # real time

    @cached_property
    def replay(self) -> Replay | None:
        return describe_replay(self.place, self._clocks)

    @cached_property
    def turn(self) -> Turn | None:
        """While it waits."""
        return _read_turn(self.ticket) if self.ticket.is_waiting else None

    @property
    def prediction(self) -> Prediction | None:
        return self.ticket.request.prediction if self.state == RequestState.ANSWERED else None

    @cached_property
    def outlook(self) -> Outlook | None:
        if self.prediction is None:
            return None
        return make_outlook(self.prediction, now=self._clocks.at(self.place))

    @cached_property
    def hours(self) -> HourTable | None:
        """Without what the source forecasts: the answer says how likely rain is."""
        if self.outlook is None:
            return None
        rules = read_rules_here(self.place, read_place_version(self.place.pk).rules)
        return make_hour_table(
            self.outlook,
            None,
            rules,
            now=self.outlook.now,
            zone=self.place.zone,
            is_dark=night_at(self.place),
        )

    @cached_property
    def _clocks(self) -> Clocks:
        return read_clocks(self.now)

    @property
    def place(self) -> Place:
        return self.ticket.place

    @property
    def state(self) -> RequestState:
        return self.ticket.state

    @property
    def was_there_before(self) -> bool:
        """The hour was answered already when it was asked about."""
        answer = self.prediction
        return answer is not None and answer.answered_at <= self.ticket.created_at


def _read_turn(ticket: Ticket) -> Turn:
    broker = read_broker_lately()
    position = find_position(ticket.request)
    seconds = estimate_wait_s(
        position,
        service_s=read_speed(broker).p50_s,
        predictors=broker.predictors_alive if broker else 0,
    )
    estimated_s = None if seconds is None else max(math.ceil(seconds), LEAST_S)
    return Turn(position, estimated_s, broker.predictors_alive if broker else None)
