"""The tables, one file a noun."""

from weatherapp.models.active_model import ActiveModel
from weatherapp.models.alert import Alert, AlertChange, AlertState, ChangeReason
from weatherapp.models.api_key import ApiKey, Scope
from weatherapp.models.backtest import Backtest, BacktestError, BacktestState, BacktestStretch
from weatherapp.models.backtest_question import BacktestQuestion
from weatherapp.models.blend_weight import BlendWeight
from weatherapp.models.budget import Budget
from weatherapp.models.delivery import Delivery, DeliveryState, DropReason
from weatherapp.models.forecast import SourceForecast
from weatherapp.models.geocoding import Geocoding
from weatherapp.models.mqtt_device import MqttDevice
from weatherapp.models.official_message import OfficialMessage
from weatherapp.models.official_warning import (
    EndReason,
    OfficialChange,
    OfficialEvent,
    OfficialPlace,
    OfficialReason,
    OfficialWarning,
)
from weatherapp.models.outgoing_server import OutgoingServer
from weatherapp.models.place import Place, SourceName
from weatherapp.models.place_calibration import PlaceCalibration
from weatherapp.models.place_climate import PlaceClimate
from weatherapp.models.place_code import CodedPosition, PlaceCode
from weatherapp.models.place_pass import PlacePass
from weatherapp.models.prediction import (
    Prediction,
    PredictionRequest,
    RequestOrigin,
    RequestPriority,
    RequestState,
)
from weatherapp.models.published_message import MessageKind, PublishedMessage
from weatherapp.models.reading import Reading
from weatherapp.models.rule import HeldState, Rule, RuleScope, RuleState, RuleVersion
from weatherapp.models.scene import Scene
from weatherapp.models.score_histogram import ScoreHistogram, ScoringProgress
from weatherapp.models.skill import RuleSkill, SkillCount
from weatherapp.models.source_calls import SourceCalls
from weatherapp.models.subscription import Subscription
from weatherapp.models.suppression import Suppression
from weatherapp.models.tag import Tag
from weatherapp.models.tick_run import TickRun
from weatherapp.models.ticket import Ticket
from weatherapp.models.warning_document import WarningDocument
from weatherapp.models.warning_source import (
    PollProblem,
    SourceKind,
    SourceState,
    WarningSource,
)
from weatherapp.models.week_forecast import WeekForecast

__all__ = [
    "ActiveModel",
    "Alert",
    "AlertChange",
    "AlertState",
    "ApiKey",
    "Backtest",
    "BacktestError",
    "BacktestQuestion",
    "BacktestState",
    "BacktestStretch",
    "BlendWeight",
    "Budget",
    "ChangeReason",
    "CodedPosition",
    "Delivery",
    "DeliveryState",
    "DropReason",
    "EndReason",
    "Geocoding",
    "HeldState",
    "MessageKind",
    "MqttDevice",
    "OfficialChange",
    "OfficialEvent",
    "OfficialMessage",
    "OfficialPlace",
    "OfficialReason",
    "OfficialWarning",
    "OutgoingServer",
    "Place",
    "PlaceCalibration",
    "PlaceClimate",
    "PlaceCode",
    "PlacePass",
    "PollProblem",
    "Prediction",
    "PredictionRequest",
    "PublishedMessage",
    "Reading",
    "RequestOrigin",
    "RequestPriority",
    "RequestState",
    "Rule",
    "RuleScope",
    "RuleSkill",
    "RuleState",
    "RuleVersion",
    "Scene",
    "Scope",
    "ScoreHistogram",
    "ScoringProgress",
    "SkillCount",
    "SourceCalls",
    "SourceForecast",
    "SourceKind",
    "SourceName",
    "SourceState",
    "Subscription",
    "Suppression",
    "Tag",
    "TickRun",
    "Ticket",
    "WarningDocument",
    "WarningSource",
    "WeekForecast",
]
