"""The tables, one file a noun."""

from weatherapp.models.alert import Alert, AlertChange, AlertState, ChangeReason
from weatherapp.models.delivery import Delivery, DeliveryState
from weatherapp.models.forecast import SourceForecast
from weatherapp.models.place import Place, SourceName
from weatherapp.models.prediction import (
    Prediction,
    PredictionRequest,
    RequestOrigin,
    RequestState,
)
from weatherapp.models.reading import Reading
from weatherapp.models.rule import Rule, RuleKind, RuleState
from weatherapp.models.scene import Scene
from weatherapp.models.subscription import Subscription

__all__ = [
    "Alert",
    "AlertChange",
    "AlertState",
    "ChangeReason",
    "Delivery",
    "DeliveryState",
    "Place",
    "Prediction",
    "PredictionRequest",
    "Reading",
    "RequestOrigin",
    "RequestState",
    "Rule",
    "RuleKind",
    "RuleState",
    "Scene",
    "SourceForecast",
    "SourceName",
    "Subscription",
]
